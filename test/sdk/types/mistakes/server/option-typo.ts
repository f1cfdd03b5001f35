// An option of the server is misspelt.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const endpoint = csms(v201, {}, { fallback: () => ({}) });
// error TS2353: 'prot' does not exist in type 'ServeOptions<
await serve({ prot: 0, endpoints: [endpoint] });
