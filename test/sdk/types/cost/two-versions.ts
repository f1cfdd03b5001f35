// A CSMS that serves both versions with a few handlers, and calls its stations.
import { connectPeer, csms, type Transport } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";

const now = () => new Date().toISOString();

const old = csms(
  v16,
  {
    Authorize: ({ idTag }) => ({ idTagInfo: { status: idTag === "" ? "Invalid" : "Accepted" } }),
    BootNotification: () => ({ status: "Accepted", currentTime: now(), interval: 300 }),
    Heartbeat: () => ({ currentTime: now() }),
    StartTransaction: async ({ meterStart }) => ({ idTagInfo: { status: "Accepted" }, transactionId: meterStart }),
    StopTransaction: () => ({}),
  },
  { fallback: () => ({}) },
);

const recent = csms(
  v201,
  {
    Authorize: ({ idToken }) => ({ idTokenInfo: { status: idToken.idToken === "" ? "Invalid" : "Accepted" } }),
    BootNotification: () => ({ status: "Accepted", currentTime: now(), interval: 300 }),
    Heartbeat: () => ({ currentTime: now() }),
    TransactionEvent: async ({ idToken }) => (idToken === undefined ? {} : { idTokenInfo: { status: "Accepted" } }),
  },
  { fallback: () => ({}) },
);

export async function reset(transport: Transport): Promise<string> {
  if (transport.subprotocol === "ocpp1.6") {
    const peer = connectPeer(transport, old);
    await peer.call("RemoteStartTransaction", { idTag: "x", connectorId: 1 });
    return (await peer.call("Reset", { type: "Soft" })).status;
  }
  const peer = connectPeer(transport, recent);
  await peer.call("SetVariables", {
    setVariableData: [{ attributeValue: "1", component: { name: "c" }, variable: { name: "v" } }],
  });
  return (await peer.call("Reset", { type: "OnIdle" })).status;
}
