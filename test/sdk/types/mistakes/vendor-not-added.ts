// A vendor's action on a protocol that it was not added to.
import { station201 } from "../connections.ts";

// error TS2345: Argument of type '"AcmePing"' is not assignable to parameter of type '"…" | "…"
await station201.call("AcmePing", { count: 1 });
