// A 2.1 action on a 2.0.1 connection.
import { station201 } from "../connections.ts";

// error TS2345: Argument of type '"NotifySettlement"' is not assignable to parameter of type '"…" | "…"
await station201.call("NotifySettlement", { status: "Settled", pspRef: "p", settlementAmount: 1, settlementTime: "t" });
