// A server's peers are typed by its endpoints and by what authenticate returns.
import { csms, withInfo } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";
import { same } from "../assertion.ts";

interface Account {
  readonly tenant: string;
}

const plain = await serve({ port: 0, endpoints: [csms(v201, {}, { fallback: () => ({}) })] });
const reset = await plain.peer("CS-1")?.call("Reset", { type: "OnIdle" });
same<NonNullable<typeof reset>["status"], "Accepted" | "Rejected" | "Scheduled">(true);
await plain.close();

const typed = withInfo<Account>();
const server = await serve({
  port: 0,
  endpoints: [
    typed.csms(
      v201,
      { Heartbeat: (_, { info }) => ({ currentTime: info.tenant }) },
      { fallback: (_action, _request, { info }) => ({ customData: { vendorId: info.tenant } }) },
    ),
    csms(v16, {}, { fallback: () => ({}) }),
  ],
  authenticate: async ({ identity }): Promise<Account> => ({ tenant: identity }),
});
const peer = server.peer("CS-1");
if (peer !== undefined) {
  const tenant: string = peer.info.tenant;
  console.log(tenant);
  if (peer.protocol === "ocpp2.0.1") await peer.call("GetVariables", { getVariableData: [] });
  else await peer.call("TriggerMessage", { requestedMessage: "Heartbeat" });
}
