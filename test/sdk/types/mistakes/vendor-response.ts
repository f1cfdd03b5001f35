// The wrong response of a vendor's action.
import { csms } from "@ocpp/core";
import { acmeSmall201 } from "../subsets.ts";

// error TS2322: Type 'string' is not assignable to type 'number'.
csms(acmeSmall201, { AcmePing: ({ count }) => ({ count: `${count}` }), Heartbeat: () => ({ currentTime: "t" }) });
