// A station calls what the CSMS sends (1.6).
import { station16 } from "../connections.ts";

// error TS2345: "RemoteStartTransaction is sent by the csms, not by the station"
await station16.call("RemoteStartTransaction", { idTag: "x" });
