// A wrong literal in a request (2.1).
import { station21 } from "../connections.ts";

// error TS2820: Type '"Ocupied"' is not assignable to type 'ConnectorStatusEnum'. Did you mean '"Occupied"'?
await station21.call("StatusNotification", { timestamp: "t", connectorStatus: "Ocupied", evseId: 1, connectorId: 1 });
