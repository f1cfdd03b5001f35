// A required field of a request is misspelt (1.6).
import { station16 } from "../connections.ts";

// error TS2561: 'idTga' does not exist in type 'AuthorizeRequest'. Did you mean to write 'idTag'?
await station16.call("Authorize", { idTga: "x" });
