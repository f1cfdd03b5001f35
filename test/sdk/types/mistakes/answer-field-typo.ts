// A field of an answer is misspelt.
import { station201 } from "../connections.ts";

const answer = await station201.call("Heartbeat", {});
// error TS2551: 'currenttime' does not exist on type 'HeartbeatResponse'. Did you mean 'currentTime'?
console.log(answer.currenttime);
