// A field of an object in an array in an array is misspelt (1.6).
import { station16 } from "../connections.ts";

// error TS2561: 'contxt' does not exist in type 'SampledValue'. Did you mean to write 'context'?
await station16.call("MeterValues", {
  connectorId: 1,
  meterValue: [{ timestamp: "t", sampledValue: [{ value: "1", contxt: "Trigger" }] }],
});
