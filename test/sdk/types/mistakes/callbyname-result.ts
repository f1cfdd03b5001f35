// What callByName resolves with is unknown until it is checked.
import { csms201 } from "../connections.ts";

const answer = await csms201.callByName("Reset", { type: "OnIdle" });
// error TS18046: 'answer' is of type 'unknown'.
console.log(answer.status);
