// A connection of several versions is used without asking which.
import { anyStation } from "../connections.ts";

// error TS2349: This expression is not callable.…Each member of the union type … has signatures, but none of those signatures are compatible
await anyStation.call("Authorize", { idTag: "x" });
