/* A CSMS beside a Fastify application: one port, REST and OCPP. */
import { strict as assert } from "node:assert";
import { csms, OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";
import Fastify from "fastify";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};

// #region fastify
const app = Fastify();

const server = await serve({
  server: app.server,
  path: "/ocpp",
  endpoints: [
    csms(
      v201,
      { BootNotification: () => ({ status: "Accepted", currentTime: new Date().toISOString(), interval: 300 }) },
      { fallback },
    ),
  ],
});

app.get("/stations", () => Array.from(server.peers, ({ identity, protocol }) => ({ identity, protocol })));

app.post<{ Params: { identity: string } }>("/stations/:identity/reset", async ({ params }, reply) => {
  const peer = server.peer(params.identity);
  if (peer === undefined) return reply.code(404).send({ message: "The station is not connected" });
  return peer.call("Reset", { type: "OnIdle" });
});

// The stations first, so that Fastify is not kept waiting for them.
app.addHook("preClose", () => server.close());

await app.listen({ host: "127.0.0.1", port: 0 });
// #endregion fastify

const session = connect(
  server.url,
  [station(v201, { Reset: ({ type }) => ({ status: type === "OnIdle" ? "Scheduled" : "Accepted" }) }, { fallback })],
  { identity: "CS001" },
);
const peer = await session.ready;
const boot = await peer.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Mono" },
});
assert.equal(boot.status, "Accepted");

const api = server.url.replace("ws:", "http:").replace("/ocpp", "");
const list = await fetch(`${api}/stations`);
assert.deepEqual(await list.json(), [{ identity: "CS001", protocol: "ocpp2.0.1" }]);
const reset = await fetch(`${api}/stations/CS001/reset`, { method: "POST" });
assert.deepEqual(await reset.json(), { status: "Scheduled" });
assert.equal((await fetch(`${api}/stations/CS002/reset`, { method: "POST" })).status, 404);

const gone = peer.closed;
await app.close();
assert.equal((await gone).code, 1001);
await session.close();
console.log("fastify: ok");
