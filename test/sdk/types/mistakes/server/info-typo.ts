// A field of what authenticate returns is misspelt on a server's peer.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const server = await serve({
  port: 0,
  endpoints: [csms(v201, {}, { fallback: () => ({}) })],
  authenticate: () => ({ tenant: "acme" }),
});
// error TS2551: 'tennant' does not exist on type '{ tenant: string; }'. Did you mean 'tenant'?
console.log(server.peer("CS-1")?.info.tennant);
