// Handlers that use another info than authenticate returns.
import { withInfo } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const { csms } = withInfo<{ tenant: string }>();
const endpoint = csms(v201, {}, { fallback: () => ({}) });
// error TS2322: Type '{ account: number; }' is not assignable to type … { tenant: string; }
await serve({ port: 0, endpoints: [endpoint], authenticate: () => ({ account: 3 }) });
