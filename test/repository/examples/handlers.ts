import { strict as assert } from "node:assert";
import { ConnectionError, csms, type Handlers, OcppError, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { type V201, v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";

const said: string[] = [];
const store = { save: async (identity: string, status: string) => said.push(`${identity}: ${status}`) };
const now = () => new Date().toISOString();
const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};

// #region fallback
const csms16 = csms(
  v16,
  {
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    Authorize: ({ idTag }) => ({ idTagInfo: { status: idTag === "ABC123" ? "Accepted" : "Invalid" } }),
  },
  {
    fallback: (action) => {
      throw new OcppError("NotSupported", `${action} comes later`);
    },
  },
);
// #endregion fallback

// #region context
const csms201 = csms(
  v201,
  {
    BootNotification: (_request, context) => {
      // Runs when the response has left: the station knows that it is accepted before it is asked for something.
      context.afterResponse(async () => {
        await context.peer.call("GetBaseReport", { requestId: 1, reportBase: "FullInventory" });
      });
      return { status: "Accepted", currentTime: new Date(context.receivedAt).toISOString(), interval: 300 };
    },
    StatusNotification: async ({ connectorStatus }, { identity }) => {
      await store.save(identity, connectorStatus);
      return {};
    },
    Authorize: async ({ idToken }, { signal, connectionSignal }) => {
      // Records nothing, so it may stop when the connection goes, too: nobody would read the answer.
      const known = await lookUp(idToken.idToken, AbortSignal.any([signal, connectionSignal]));
      return { idTokenInfo: { status: known ? "Accepted" : "Unknown" } };
    },
  },
  { fallback },
);
// #endregion context

async function lookUp(token: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  return token === "ABC123";
}

// #region apart
const authorization: Pick<Handlers<V201, "csms">, "Authorize"> = {
  Authorize: ({ idToken }) => ({
    idTokenInfo: { status: idToken.type === "NoAuthorization" ? "Invalid" : "Accepted" },
  }),
};
const availability: Pick<Handlers<V201, "csms">, "Heartbeat" | "StatusNotification"> = {
  Heartbeat: () => ({ currentTime: new Date().toISOString() }),
  StatusNotification: () => ({}),
};
const composed = csms(v201, { ...authorization, ...availability }, { fallback });
// #endregion apart
assert.equal(composed.side, "csms");

// #region send-handler
const streams: number[] = [];
const csms21 = csms(
  v21,
  {
    NotifyPeriodicEventStream: ({ data }) => {
      streams.push(data.length); // Nothing is returned, since nothing is answered.
    },
  },
  { fallback },
);
// #endregion send-handler

const server = await serve({ host: "127.0.0.1", port: 0, endpoints: [csms16, csms201, csms21] });
const asked: string[] = [];
const station201 = station(
  v201,
  {
    GetBaseReport: ({ reportBase }) => {
      asked.push(reportBase);
      return { status: "Accepted" };
    },
    Reset: () => ({ status: "Accepted" }),
  },
  { fallback },
);
const session = connect(server.url, [station201], { identity: "CS001" });
const peer = await session.ready;

// #region call
const { status, interval } = await peer.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Mono" },
});
// #endregion call
assert.deepEqual([status, interval], ["Accepted", 300]);
await peer.call("StatusNotification", { timestamp: now(), connectorStatus: "Available", evseId: 1, connectorId: 1 });
assert.deepEqual(said, ["CS001: Available"]);
assert.deepEqual(asked, ["FullInventory"]);

// #region options
const controller = new AbortController();
const response = await peer.call(
  "Authorize",
  { idToken: { idToken: "ABC123", type: "Central" } },
  { timeout: 5_000, signal: controller.signal },
);
// #endregion options
assert.equal(response.idTokenInfo.status, "Accepted");
const aborted = peer.call("Authorize", { idToken: { idToken: "X", type: "Central" } }, { signal: AbortSignal.abort() });
await assert.rejects(aborted, (error) => ConnectionError.is(error) && error.code === "aborted");

// #region reach
async function reset(identity: string): Promise<string> {
  const there = server.peer(identity);
  if (there === undefined) return "not connected";
  if (there.protocol === "ocpp1.6") {
    const { status } = await there.call("Reset", { type: "Soft" });
    return status;
  }
  if (there.protocol === "ocpp2.0.1") {
    const { status } = await there.call("Reset", { type: "OnIdle" });
    return status;
  }
  const { status } = await there.call("Reset", { type: "ImmediateAndResume" }); // Only 2.1 is left, and only 2.1 has that.
  return status;
}
// #endregion reach
assert.equal(await reset("CS001"), "Accepted");
assert.equal(await reset("CS999"), "not connected");

// #region by-name
async function command(identity: string, action: string, payload: unknown): Promise<unknown> {
  return server.peer(identity)?.callByName(action, payload);
}
// #endregion by-name
assert.deepEqual(await command("CS001", "Reset", { type: "OnIdle" }), { status: "Accepted" });
await assert.rejects(command("CS001", "Rest", {}), new TypeError('ocpp2.0.1 has no action "Rest"'));

const session21 = connect(server.url, [station(v21, {}, { fallback })], { identity: "CS021" });
const peer21 = await session21.ready;
// #region send
peer21.send("NotifyPeriodicEventStream", {
  id: 7,
  pending: 0,
  basetime: new Date().toISOString(),
  data: [{ t: 0, v: "230.1" }],
});
// #endregion send
await peer21.call("Heartbeat", {}).catch(() => {});
assert.deepEqual(streams, [1]);

await Promise.all([session.close(), session21.close()]);
await server.close();
