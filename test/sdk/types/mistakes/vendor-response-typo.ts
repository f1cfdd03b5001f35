// An optional field of a vendor's response is misspelt.
import { csms } from "@ocpp/core";
import { acmeSmall201 } from "../subsets.ts";

// error TS2322: "AcmePingResponse has no field nota"
csms(acmeSmall201, { AcmePing: ({ count }) => ({ count, nota: "n" }), Heartbeat: () => ({ currentTime: "t" }) });
