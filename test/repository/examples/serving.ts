import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import { csms, OcppError, station, withInfo } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { refuse, samePassword, serve } from "@ocpp/websocket/server";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const accounts = new Map([["CS001", { tenant: "north", password: "secret of CS001", blocked: false }]]);
const said: string[] = [];
const log = (text: string) => said.push(text);

// #region info
interface Account {
  readonly tenant: string;
}
const { csms: csmsOf } = withInfo<Account>();

const csms201 = csmsOf(
  v201,
  {
    Heartbeat: (_request, { identity, info }) => {
      log(`${identity} of ${info.tenant}`);
      return { currentTime: new Date().toISOString() };
    },
  },
  { fallback },
);
const csms16 = csmsOf(v16, { Heartbeat: () => ({ currentTime: new Date().toISOString() }) }, { fallback });
// #endregion info

const port = 0;
// #region authenticate
const server = await serve({
  port,
  host: "127.0.0.1",
  path: "/ocpp",
  endpoints: [csms201, csms16],
  authenticate: async ({ identity, credentials }, signal) => {
    const account = await findAccount(identity, signal);
    if (account === undefined) return refuse(404);
    if (credentials === undefined || !samePassword(credentials.password, account.password)) return refuse(401);
    if (account.blocked) return refuse(403, { reason: "This station is blocked" });
    return { tenant: account.tenant }; // What handlers find as `context.info`, and you as `peer.info`.
  },
  // #region limits
  maxConnections: 10_000,
  maxPayload: 256 * 1024,
  handshakeTimeout: 10_000,
  idleTimeout: 3_600_000,
  ping: { interval: 60_000, timeout: 20_000 },
  attemptRate: { perSecond: 5, burst: 50 }, // Connections from one address.
  callRate: { perSecond: 10, burst: 100 }, // Calls of one station.
  // #endregion limits
});
// #endregion authenticate

async function findAccount(identity: string, signal: AbortSignal) {
  signal.throwIfAborted();
  return accounts.get(identity);
}

// #region events
server.on("opened", ({ peer, remoteAddress }) => {
  log(`${peer.identity} of ${peer.info.tenant} is connected from ${remoteAddress} with ${peer.protocol}`);
});
server.on("replaced", ({ peer }) => {
  log(`${peer.identity} has connected anew`);
});
server.on("closed", ({ peer, code, reason }) => {
  log(`${peer.identity} is gone: ${code} ${reason}`);
});
server.on("refused", ({ identity, remoteAddress, cause, status, reason }) => {
  log(`${identity ?? "somebody"} at ${remoteAddress} was refused: ${cause}, ${status ?? "no answer"}, ${reason}`);
});
// #endregion events

const station201 = station(v201, {}, { fallback });
const options = { identity: "CS001", password: "secret of CS001" };
const session = connect(server.url, [station201], options);
await (await session.ready).call("Heartbeat", {});
assert.ok(said.includes("CS001 of north"));

// A second connection of the same station takes the place of the first.
const second = connect(server.url, [station201], options);
const first = session.peer;
await second.ready;
assert.equal((await first?.closed)?.code, 4001);
await session.close();
assert.ok(said.includes("CS001 has connected anew"));

const wrong = connect(server.url, [station201], { identity: "CS001", password: "wrong", reconnect: false });
await assert.rejects(wrong.ready, { status: 401 });
const unknown = connect(server.url, [station201], { identity: "CS999", password: "?", reconnect: false });
await assert.rejects(unknown.ready, { status: 404 });
assert.ok(said.some((line) => line.startsWith("CS999 at 127.0.0.1 was refused: authenticate, 404,")));

// #region peers
const connected = Array.from(server.peers, ({ identity, protocol }) => ({ identity, protocol }));
// #endregion peers
assert.deepEqual(connected, [{ identity: "CS001", protocol: "ocpp2.0.1" }]);

// #region drain
await server.close({ timeout: 5_000 });
// #endregion drain
await second.close();
assert.ok(said.some((line) => line.startsWith("CS001 is gone: 1001")));

{
  const endpoint = csms(v201, { Heartbeat: () => ({ currentTime: new Date().toISOString() }) }, { fallback });
  // #region attach
  const http = createServer((_request, response) => {
    response.end("Everything but /ocpp/ is mine.\n");
  });
  const ocpp = await serve({ server: http, path: "/ocpp", endpoints: [endpoint] });
  http.listen(port, "127.0.0.1");
  // #endregion attach
  await new Promise<void>((resolve) => {
    http.once("listening", resolve);
  });
  const session = connect(ocpp.url, [station201], { identity: "CS001" });
  await (await session.ready).call("Heartbeat", {});
  await session.close();
  await ocpp.close();
  http.close();
}
