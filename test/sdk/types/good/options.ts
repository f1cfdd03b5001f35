// Options: a fallback makes the map partial, validation and interceptors leave it as it was.
import { type Endpoint, type Interceptor, station } from "@ocpp/core";
import { type V201, v201 } from "@ocpp/v201";
import { small201 } from "../subsets.ts";
import { same } from "./assertion.ts";

declare const log: Interceptor;
const GetVariables = () => ({ getVariableResult: [] });

const partial = station(
  v201,
  {
    Reset: async (request, { peer }) => {
      same<typeof request.type, "Immediate" | "OnIdle">(true);
      await peer.call("Heartbeat", {});
      return { status: "Accepted" };
    },
  },
  {
    fallback: (action, request, context) => {
      same<typeof action, string>(true);
      same<typeof request, unknown>(true);
      return context.peer.callByName(action, request);
    },
    validation: { inbound: "report", tolerate: ["lenient-date-time", "unknown-property"] },
  },
);
same<typeof partial, Endpoint<V201, "station", unknown>>(true);

station(v201, {}, { fallback: () => ({}) });
station(small201, { GetVariables, Reset: () => ({ status: "Accepted" }) }, {});
station(
  small201,
  { GetVariables, Reset: ({ evseId }) => ({ status: evseId === 1 ? "Accepted" : "Rejected" }) },
  {
    interceptors: [log],
    validation: { outbound: "report", actions: { Reset: { inbound: "off", tolerate: ["length"] } } },
  },
);
