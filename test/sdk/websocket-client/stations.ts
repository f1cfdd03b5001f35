import { type Endpoint, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V201, v201 } from "@ocpp/v201";

/** A 2.0.1 station that accepts every Reset and has nothing else. */
export const station201: Endpoint<V201, "station"> = station(
  v201,
  { Reset: () => ({ status: "Accepted" }) },
  { fallback: () => ({}) },
);

/** A 1.6 station that accepts every Reset and has nothing else. */
export const station16: Endpoint<V16, "station"> = station(
  v16,
  { Reset: () => ({ status: "Accepted" }) },
  { fallback: () => ({}) },
);
