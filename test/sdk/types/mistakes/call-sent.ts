// An action that is answered is sent.
import { station21 } from "../connections.ts";

// error TS2345: "Heartbeat is answered: use call()"
station21.send("Heartbeat", {});
