import { strict as assert } from "node:assert";
import { csms, OcppError, station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect, HandshakeError } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};
const boot = () => ({ status: "Accepted" as const, currentTime: new Date().toISOString(), interval: 300 });
const serveAgain = (port: number) =>
  serve({
    host: "127.0.0.1",
    port,
    endpoints: [
      csms(v201, { BootNotification: boot }, { fallback }),
      csms(v16, { BootNotification: boot }, { fallback }),
    ],
  });
let server = await serveAgain(0);
const { port, url } = server;
const log: string[] = [];
const note = (text: string) => log.push(text);

const station201 = station(v201, {}, { fallback });
const station16 = station(v16, {}, { fallback });

// #region session
const session = connect(url, [station201, station16], {
  identity: "CS001",
  reconnect: { waitMinimum: 50, randomRange: 50, repeatTimes: 3 },
  onPeer: async (peer) => {
    // Each connection gets its own peer; the server has chosen one of the versions on offer.
    const { status } =
      peer.protocol === "ocpp2.0.1"
        ? await peer.call("BootNotification", {
            reason: "PowerUp",
            chargingStation: { vendorName: "Acme", model: "Mono" },
          })
        : await peer.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
    note(`${peer.protocol}: ${status}`);
  },
  onState: (state) => {
    note(state);
  },
  onFailure: ({ error, attempt, retryIn }) => {
    if (HandshakeError.is(error) && error.status === 401) note("the password is wrong");
    note(retryIn === undefined ? "that was all" : `${error.message}; attempt ${attempt}`);
  },
});
// #endregion session
await session.ready;
await until(() => log.includes("ocpp2.0.1: Accepted"));

await server.close();
await until(() => session.state === "waiting");
assert.ok(log.some((line) => line.includes("The connection was lost (1001, The server is closing)")));
server = await serveAgain(port);

// #region peers
for await (const peer of session.peers) {
  note(`${peer.identity} is open`);
  break; // Leave it out to go on with every peer to come; the loop ends with the session.
}
// #endregion peers
assert.ok(log.includes("CS001 is open"));

// #region use
async function heartbeat(): Promise<string | undefined> {
  const { peer } = session; // Ask for it when you need it: it changes with every connection.
  if (peer?.protocol !== "ocpp2.0.1") return undefined;
  const { currentTime } = await peer.call("Heartbeat", {});
  return currentTime;
}
// #endregion use
await assert.rejects(heartbeat(), { code: "NotSupported" });

// #region reconnect
session.configure({ password: "a new password" }); // From the next attempt on.
const peer = await session.reconnect({ compression: true }); // At once: calls in flight finish first.
// #endregion reconnect
assert.equal(peer.state, "open");

// #region close
await session.close({ timeout: 5_000 });
// #endregion close
assert.equal(session.state, "closed");
await server.close();

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !condition(); round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition(), log.join("\n"));
}
