// Even an action of all versions has its own request in each: ask which first.
import { anyCsms } from "../connections.ts";

// error TS2349: This expression is not callable.…Each member of the union type … has signatures, but none of those signatures are compatible
await anyCsms.call("DataTransfer", { vendorId: "x" });
