// A version that none of the endpoints speaks.
import { anyStation } from "../connections.ts";

// error TS2367: and '"ocpp2.0"' have no overlap.
export const old = anyStation.protocol === "ocpp2.0";
