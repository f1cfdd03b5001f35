// A search that may find nothing, where authenticate must return an object or a refusal.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const accounts = new Map([["CS-1", { tenant: "acme" }]]);
await serve({
  port: 0,
  endpoints: [csms(v201, {}, { fallback: () => ({}) })],
  // error TS2322: Type 'undefined' is not assignable to type
  authenticate: ({ identity }) => accounts.get(identity),
});
