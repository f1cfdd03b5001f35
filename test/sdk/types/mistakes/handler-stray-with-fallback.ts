// A handler's name is misspelt between right ones, and a fallback serves the rest.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

// error TS2561: 'Rest' does not exist in type … Did you mean to write 'Reset'?
station(
  v201,
  { ClearCache: () => ({ status: "Accepted" }), Rest: () => ({ status: "Accepted" }) },
  { fallback: (action, _, context) => context.peer.callByName(action, {}) },
);
