/* A CSMS beside an Express application: one port, REST and OCPP. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import { csms, OcppError, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";
import express from "express";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};

// #region express
const app = express();
const http = createServer(app);

const server = await serve({
  server: http,
  path: "/ocpp",
  endpoints: [
    csms(
      v16,
      { BootNotification: () => ({ status: "Accepted", currentTime: new Date().toISOString(), interval: 300 }) },
      { fallback },
    ),
  ],
});

app.get("/stations", (_request, response) => {
  response.json(Array.from(server.peers, ({ identity, protocol }) => ({ identity, protocol })));
});

app.post("/stations/:identity/reset", async (request, response) => {
  const peer = server.peer(request.params.identity);
  if (peer === undefined) response.status(404).json({ message: "The station is not connected" });
  else response.json(await peer.call("Reset", { type: "Soft" }));
});

http.listen(0, "127.0.0.1");
await once(http, "listening");
// #endregion express

const session = connect(server.url, [station(v16, { Reset: () => ({ status: "Accepted" }) }, { fallback })], {
  identity: "CP001",
});
const peer = await session.ready;
const boot = await peer.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
assert.equal(boot.status, "Accepted");

const api = server.url.replace("ws:", "http:").replace("/ocpp", "");
const list = await fetch(`${api}/stations`);
assert.deepEqual(await list.json(), [{ identity: "CP001", protocol: "ocpp1.6" }]);
const reset = await fetch(`${api}/stations/CP001/reset`, { method: "POST" });
assert.deepEqual(await reset.json(), { status: "Accepted" });
assert.equal((await fetch(`${api}/stations/CP002/reset`, { method: "POST" })).status, 404);

const gone = peer.closed;
// #region close
await server.close();
http.close();
// #endregion close
assert.equal((await gone).code, 1001);
await session.close();
http.closeAllConnections();
console.log("express: ok");
