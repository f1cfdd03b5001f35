import { strict as assert } from "node:assert";
import { ConnectionError, csms, OcppError, station, ViolationError } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect, HandshakeError } from "@ocpp/websocket";
import { refuse, serve } from "@ocpp/websocket/server";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};

// #region throw
const endpoint = csms(
  v201,
  {
    DataTransfer: ({ vendorId }) => {
      if (vendorId !== "com.example") {
        throw new OcppError("SecurityError", "This vendor is not served", { details: { contact: "noc@example.com" } });
      }
      return { status: "Accepted" };
    },
    Heartbeat: () => {
      // An accident: the station sees "InternalError: Heartbeat could not be processed", and we see a warning.
      throw new Error("the password of the database is hunter2");
    },
  },
  { fallback },
);
// #endregion throw

const failures: unknown[] = [];
const frames: string[] = [];
const server = await serve({
  host: "127.0.0.1",
  port: 0,
  endpoints: [endpoint, csms(v16, {}, { fallback })],
  authenticate: ({ identity }) => (identity === "CS999" ? refuse(404) : { name: identity }),
  securityProfiles: [0],
  report: (report) => {
    if (report.type === "handler-failed") failures.push(report.error);
  },
  frames: (direction, text) => {
    if (direction === "outbound") frames.push(text);
  },
});
const station201 = station(v201, {}, { fallback });
const session = connect(server.url, [station201], { identity: "CS001" });
const peer = await session.ready;
const outcomes: string[] = [];

// #region catch
async function transfer(vendorId: string): Promise<string> {
  try {
    const { status } = await peer.call("DataTransfer", { vendorId }, { timeout: 5_000 });
    return status;
  } catch (error) {
    if (OcppError.is(error)) return `the CSMS refused: ${error.code}, ${error.description}`;
    if (ConnectionError.is(error)) return `no answer: ${error.code}`;
    if (ViolationError.is(error)) return `not to the schema: ${error.message}`;
    throw error;
  }
}
// #endregion catch
outcomes.push(await transfer("com.example"), await transfer("org.example"), await transfer("x".repeat(256)));
const [accepted, refused, violating] = outcomes;
assert.equal(accepted, "Accepted");
assert.equal(refused, "the CSMS refused: SecurityError, This vendor is not served");
assert.match(violating ?? "", /^not to the schema: DataTransfer request: vendorId /);

await assert.rejects(peer.call("Heartbeat", {}), {
  code: "InternalError",
  description: "Heartbeat could not be processed",
});
assert.equal(failures.length, 1);
assert.ok(!frames.join().includes("hunter2"));

// The same code, in the spelling of each version.
const old = connect(server.url, [station(v16, {}, { fallback, validation: { outbound: "off" } })], {
  identity: "CP001",
});
await assert.rejects((await old.ready).callByName("BootNotification", {}), { code: "OccurrenceConstraintViolation" });
assert.match(frames.at(-1) ?? "", /"OccurenceConstraintViolation"/);
await old.close();

// #region handshake
const attempt = connect(server.url, [station201], { identity: "CS999", reconnect: false });
try {
  await attempt.ready;
} catch (error) {
  if (HandshakeError.is(error)) console.log(error.code, error.status, error.message);
  // refused 404 The server answered 404: check the URL; the server does not know this station
}
// #endregion handshake
await assert.rejects(attempt.ready, {
  code: "refused",
  status: 404,
  message: "The server answered 404: check the URL; the server does not know this station",
});

await session.close();
assert.equal(await transfer("com.example"), "no answer: not-connected");
await server.close();
