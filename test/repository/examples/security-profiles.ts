import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csms, OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { refuse, samePassword, serve } from "@ocpp/websocket/server";

const folder = mkdtempSync(join(tmpdir(), "ocpp-certificates-"));
copyFileSync(join(import.meta.dirname, "certificates.sh"), join(folder, "certificates.sh"));
execFileSync("sh", ["-e", "certificates.sh"], { cwd: folder, stdio: "pipe" });
process.chdir(folder);
process.once("exit", () => {
  process.chdir("/");
  rmSync(folder, { recursive: true });
});

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const csms201 = csms(v201, { Heartbeat: () => ({ currentTime: new Date().toISOString() }) }, { fallback });
const station201 = station(v201, {}, { fallback });
const passwords = new Map([["CS002", "0123456789abcdef"]]);

// #region profile-1
const inside = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [csms201],
  securityProfiles: [1],
  authenticate: async ({ identity, credentials }) => {
    const expected = passwords.get(identity); // In your CSMS: a look-up in the database, of a hash.
    if (credentials === undefined || !samePassword(credentials.password, expected)) return refuse(401);
    return { identity };
  },
});
// #endregion profile-1
{
  const url = inside.url;
  // #region station-1
  const session = connect(url, [station201], { identity: "CS002", password: "0123456789abcdef" });
  // #endregion station-1
  await (await session.ready).call("Heartbeat", {});
  await session.close();
  const wrong = connect(url, [station201], { identity: "CS002", password: "wrong", reconnect: false });
  await assert.rejects(wrong.ready, { code: "refused", status: 401 });
}
await inside.close();

const port = 0;
// #region profile-2-3
const server = await serve({
  host: "127.0.0.1",
  port,
  endpoints: [csms201],
  tls: {
    cert: readFileSync("server.pem"),
    key: readFileSync("server.key"),
    ca: readFileSync("root.pem"), // The authority of the stations' certificates.
  },
  securityProfiles: [2, 3],
  organizations: ["Acme"],
  authenticate: ({ identity, securityProfile, credentials, clientCertificate }) => {
    switch (securityProfile) {
      case 3: // The certificate is valid and the station's: the server has looked. Known and not revoked is up to you.
        return { identity, certificate: clientCertificate?.serialNumber };
      case 2:
        return credentials !== undefined && samePassword(credentials.password, passwords.get(identity))
          ? { identity, certificate: undefined }
          : refuse(401);
      default:
        return refuse(403);
    }
  },
});
// #endregion profile-2-3

const url = server.url;
const refusals: string[] = [];
server.on("refused", ({ cause }) => {
  refusals.push(cause);
});
{
  // #region station-2
  const session = connect(url, [station201], {
    identity: "CS002",
    password: "0123456789abcdef",
    tls: { ca: readFileSync("root.pem") },
  });
  // #endregion station-2
  await session.ready;
  await session.close();
}
// #region station-3
const session = connect(url, [station201], {
  identity: "CS003",
  tls: { ca: readFileSync("root.pem"), cert: readFileSync("CS003.pem"), key: readFileSync("CS003.key") },
});
// #endregion station-3
const peer = await session.ready;
assert.ok((server.peer("CS003")?.info.certificate ?? "").length > 0);
assert.equal(peer.state, "open");

const stranger = connect(url, [station201], {
  identity: "CS004",
  tls: { ca: readFileSync("root.pem"), cert: readFileSync("CS003.pem"), key: readFileSync("CS003.key") },
  reconnect: false,
});
await assert.rejects(stranger.ready, { status: 403 });
const nobody = connect(url, [station201], {
  identity: "CS005",
  tls: { ca: readFileSync("root.pem") },
  reconnect: false,
});
await assert.rejects(nobody.ready, { status: 401 });
const distrustful = connect(url, [station201], { identity: "CS002", password: "x", reconnect: false });
await assert.rejects(distrustful.ready, { code: "tls" });
assert.deepEqual(refusals.slice(0, 2), ["certificate", "credentials"]);

// #region renew
// On the server: for the connections to come; those that are open stay.
server.updateTls({
  cert: readFileSync("server.pem"),
  key: readFileSync("server.key"),
  ca: readFileSync("root.pem"),
});
// On the station: at once. Calls in flight finish first.
const renewed = await session.reconnect({
  tls: { ca: readFileSync("root.pem"), cert: readFileSync("CS003.pem"), key: readFileSync("CS003.key") },
});
// #endregion renew
assert.notEqual(renewed, peer);
assert.equal(renewed.state, "open");
await session.close();
await server.close();

// #region proxy
const behind = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [csms201],
  securityProfiles: [2],
  trustProxy: ["127.0.0.1"], // The proxy that ends TLS and says so in X-Forwarded-Proto and X-Forwarded-For.
  authenticate: ({ identity, credentials, remoteAddress }) =>
    credentials !== undefined && samePassword(credentials.password, passwords.get(identity))
      ? { identity, remoteAddress }
      : refuse(401),
});
// #endregion proxy
{
  // A proxy for this example: hands the upgrade on, with the headers of one that ends TLS.
  const proxy = createServer();
  proxy.on("upgrade", (incoming, socket) => {
    const headers = { ...incoming.headers, "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" };
    const onward = request({ host: "127.0.0.1", port: behind.port, path: incoming.url ?? "/", headers });
    onward.on("upgrade", (response, upstream) => {
      const head = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head.join("\r\n")}\r\n\r\n`);
      upstream.pipe(socket).pipe(upstream);
    });
    onward.end();
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  const address = proxy.address();
  const through = `ws://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const session = connect(through, [station201], { identity: "CS002", password: "0123456789abcdef" });
  await session.ready;
  assert.equal(behind.peer("CS002")?.info.remoteAddress, "203.0.113.7");
  await session.close();
  proxy.close();
  const direct = connect(behind.url, [station201], {
    identity: "CS002",
    password: "0123456789abcdef",
    reconnect: false,
  });
  await assert.rejects(direct.ready, { status: 403 });
}
await behind.close();
