// The CSMS sends what only a station sends.
import { csms21 } from "../connections.ts";

// error TS2345: "NotifyPeriodicEventStream is sent by the station, not by the csms"
csms21.send("NotifyPeriodicEventStream", { id: 1, pending: 0, basetime: "t", data: [] });
