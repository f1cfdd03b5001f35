// A field of a message that is sent is misspelt.
import { station21 } from "../connections.ts";

// error TS2561: 'baseTime' does not exist in type 'NotifyPeriodicEventStreamRequest'. Did you mean to write 'basetime'?
station21.send("NotifyPeriodicEventStream", { id: 1, pending: 0, baseTime: "t", data: [] });
