// A message that is never answered is called.
import { station21 } from "../connections.ts";

// error TS2345: "NotifyPeriodicEventStream is not answered: use send()"
await station21.call("NotifyPeriodicEventStream", { id: 1, pending: 0, basetime: "t", data: [] });
