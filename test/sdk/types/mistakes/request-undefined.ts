// undefined in a required field.
import { station16 } from "../connections.ts";

declare const tags: Map<string, string>;
// error TS2322: Type 'undefined' is not assignable to type 'string'.
await station16.call("Authorize", { idTag: tags.get("x") });
