// Handlers that use what authenticate returns, served without authenticate.
import { withInfo } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const { csms } = withInfo<{ tenant: string }>();
const endpoint = csms(v201, {}, { fallback: () => ({}) });
// error TS2345: Property 'authenticate' is missing in type
await serve({ port: 0, endpoints: [endpoint] });
