// An optional field of an answer, used as though it were always there.
import { csms16 } from "../connections.ts";

const answer = await csms16.call("GetConfiguration", {});
// error TS18048: 'answer.configurationKey' is possibly 'undefined'.
console.log(answer.configurationKey.length);
