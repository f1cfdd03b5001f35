// A station of one of two versions is called without asking which.
import { csms } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const fallback = () => ({});
const server = await serve({ port: 0, endpoints: [csms(v201, {}, { fallback }), csms(v16, {}, { fallback })] });
// error TS2349: This expression is not callable. … Each member of the union type … has signatures, but none of those signatures are compatible
await server.peer("CS-1")?.call("Reset", { type: "Soft" });
