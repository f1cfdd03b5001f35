// A station that may not be connected is called as though it always were.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const server = await serve({ port: 0, endpoints: [csms(v201, {}, { fallback: () => ({}) })] });
// error TS2532: Object is possibly 'undefined'.
await server.peer("CS-1").call("Reset", { type: "OnIdle" });
