import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { csms, OcppError, station } from "@ocpp/core";
import { BootNotification, edition, Heartbeat, v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { refuse, serve } from "@ocpp/websocket/server";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const endpoint = csms(
  v201,
  {
    BootNotification: () => ({ status: "Accepted", currentTime: new Date().toISOString(), interval: 300 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
  },
  { fallback },
);

// #region tickets
/** Tickets that were given out: whose they are, and until when. Each is good once. */
const tickets = new Map<string, { readonly identity: string; readonly until: number }>();

/** To be called by a route of your web server that knows who is logged in. */
function giveTicket(identity: string): string {
  const ticket = randomUUID();
  tickets.set(ticket, { identity, until: Date.now() + 30_000 });
  return ticket;
}

const server = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [endpoint],
  origins: ["https://csms.example.com"],
  authenticate: ({ identity, ticket }) => {
    const given = ticket === undefined ? undefined : tickets.get(ticket);
    if (ticket !== undefined) tickets.delete(ticket);
    return given?.identity === identity && given.until > Date.now() ? { identity } : refuse(401);
  },
});
// #endregion tickets

const web = createServer((_request, response) => {
  response.end(giveTicket("PAGE1"));
});
await new Promise<void>((resolve) => {
  web.listen(0, "127.0.0.1", resolve);
});
const address = web.address();
const ticketUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/ticket`;
const url = server.url;

// #region page
const small = { ...edition, actions: { BootNotification, Heartbeat } };

const session = connect(url, [station(small, {})], {
  identity: "PAGE1",
  // Asked before every attempt, so each ticket may be short-lived and good once.
  ticket: async () => (await fetch(ticketUrl)).text(),
  // A browser cannot ping. A Heartbeat that is not answered ends the connection, and the session makes the next one.
  heartbeat: 60_000,
});
// #endregion page
const peer = await session.ready;
const { status } = await peer.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Page" },
});
assert.equal(status, "Accepted");
assert.equal(tickets.size, 0);

// As the connection came in again, with the ticket that was used.
const again = connect(url, [station(small, {})], { identity: "PAGE1", ticket: "used", reconnect: false });
await assert.rejects(again.ready, { status: 401 });

await session.close();
await server.close();
web.close();
