// A server's peer is a station: it calls what a CSMS may call.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const server = await serve({ port: 0, endpoints: [csms(v201, {}, { fallback: () => ({}) })] });
// error TS2345: "Heartbeat is sent by the station, not by the csms"
await server.peer("CS-1")?.call("Heartbeat", {});
