// Nothing travels unanswered before 2.1.
import { station201 } from "../connections.ts";

// error TS2345: "in ocpp2.0.1 a station sends nothing unanswered: use call()"
station201.send("NotifyPeriodicEventStream", { id: 1, pending: 0, basetime: "t", data: [] });
