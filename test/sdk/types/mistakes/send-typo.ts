// The name of a message that is sent is misspelt.
import { station21 } from "../connections.ts";

// error TS2345: Argument of type '"NotifyPeriodicEventstream"' is not assignable to parameter of type '"NotifyPeriodicEventStream"'.
station21.send("NotifyPeriodicEventstream", { id: 1, pending: 0, basetime: "t", data: [] });
