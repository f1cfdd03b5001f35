// A field of an object in an array is misspelt (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2561: 'instence' does not exist in type 'Variable'. Did you mean to write 'instance'?
await csms201.call("GetVariables", {
  getVariableData: [{ component: { name: "c" }, variable: { name: "v", instence: "i" } }],
});
