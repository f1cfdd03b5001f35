import { once } from "node:events";
import { OcppError, type Report, ViolationError } from "@ocpp/core";
import type { Version } from "@ocpp/demo";
import { csmsEndpoints, csmsHandlers } from "@ocpp/demo";
import { type ConnectOptions, connect, HandshakeError, type Session } from "@ocpp/websocket";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AnyHandlers, type AnyPeer, anyStation, refusalOf } from "./any-endpoint.ts";
import { matrix } from "./matrix.ts";
import { createRPCError, type RpcError, type RpcServerClient } from "./ocpp-rpc.ts";
import { rehearse } from "./rehearsal.ts";
import { type RpcCsmsOptions, serveWith, startRpcCsms } from "./rpc-csms.ts";

const identity = "CS 001";

interface Meeting {
  readonly session: Session<AnyPeer<"station">>;
  readonly peer: AnyPeer<"station">;
  readonly client: RpcServerClient;
}

/** Starts a CSMS of ocpp-rpc and connects a station of ours to it. */
async function meet(
  version: Version,
  csms: Pick<RpcCsmsOptions, "strict" | "admits" | "prepare">,
  options: ConnectOptions & { readonly handlers?: AnyHandlers; readonly outbound?: "off" } = {},
): Promise<Meeting> {
  const { handlers, outbound = "reject", ...connecting } = options;
  const endpoint = anyStation(version, handlers, { outbound });
  const { url, nextClient } = await startRpcCsms({ ...csms, subprotocol: endpoint.protocol.subprotocol });
  const session = connect(url, [endpoint], { identity, reconnect: false, ...connecting });
  onTestFinished(() => session.close({ timeout: 0 }));
  const [client, peer] = await Promise.all([nextClient(), session.ready]);
  return { session, peer, client };
}

/** Lets calls through to strict mode, which refuses them before any handler. */
function serveAnything(client: RpcServerClient): void {
  client.handle(() => ({}));
}

function serveHeartbeat(client: RpcServerClient): void {
  client.handle("Heartbeat", () => ({ currentTime: new Date().toISOString() }));
}

describe.each(matrix)(
  "our client and a CSMS of ocpp-rpc, $version",
  ({ version, subprotocol, strict, makeStation, ...row }) => {
    it("goes through the local and the remote charge", async () => {
      const rehearsal = rehearse(makeStation);
      const csms = csmsEndpoints(csmsHandlers())[version];
      const { url, nextClient } = await startRpcCsms({
        subprotocol,
        strict,
        prepare: (client) => {
          serveWith(csms, client);
        },
      });
      const session = connect(url, [rehearsal.station.endpoint], { identity, reconnect: false });
      onTestFinished(() => session.close({ timeout: 0 }));
      const [client, peer] = await Promise.all([nextClient(), session.ready]);
      expect(client.identity).toBe(identity);
      expect(client.protocol).toBe(subprotocol);

      const lines = await rehearsal.run({
        fromStation: (action, request) => peer.callByName(action, request),
        fromCsms: (action, request) => client.call(action, request),
      });
      expect(lines).toEqual(rehearsal.expected);
    });

    it("is told that an action has no handler there", async () => {
      const { peer } = await meet(version, { strict });
      const error = await refusalOf(peer.callByName("Heartbeat", {}));
      expect(error).toMatchObject({ name: "OcppError", code: "NotImplemented", received: true });
    });

    it("refuses an invalid request of its own before it leaves, and an invalid response", async () => {
      const { peer, client } = await meet(version, { strict: false });
      const heard: string[] = [];
      client.handle(({ method }) => {
        heard.push(method);
        return { currentTime: "half past nine" };
      });
      const request = await refusalOf(peer.callByName("BootNotification", {}));
      expect(request).toBeInstanceOf(ViolationError);
      expect(heard).toEqual([]);
      const response = await refusalOf(peer.callByName("Heartbeat", {}));
      expect(response).toMatchObject({ name: "ViolationError", part: "response", action: "Heartbeat" });
      expect((response as Error).message).toContain("currentTime");
      expect(heard).toEqual(["Heartbeat"]);
    });

    it("gets what a handler there throws, a plain error and one with a code", async () => {
      const { peer, client } = await meet(version, { strict });
      client.handle("Heartbeat", () => {
        throw new Error("the database is gone");
      });
      expect(await refusalOf(peer.callByName("Heartbeat", {}))).toMatchObject({
        code: "GenericError",
        description: "the database is gone",
      });
      client.handle("Heartbeat", () => {
        throw createRPCError("SecurityError", "not you", { why: "never" });
      });
      expect(await refusalOf(peer.callByName("Heartbeat", {}))).toMatchObject({
        code: "SecurityError",
        description: "not you",
        details: { why: "never" },
      });
    });

    it("answers what it does not know, what goes the wrong way, and what is not valid", async () => {
      const { client } = await meet(version, { strict: false });
      expect(await refusalOf(client.call("Nonsense", {}))).toMatchObject({ rpcErrorCode: "NotImplemented" });
      expect(await refusalOf(client.call("constructor", {}))).toMatchObject({ rpcErrorCode: "NotImplemented" });
      expect(await refusalOf(client.call("BootNotification", {}))).toMatchObject({ rpcErrorCode: "NotSupported" });
      const missing = (await refusalOf(client.call("ChangeAvailability", {}))) as RpcError;
      expect(missing.rpcErrorCode).toBe(row.missingField);
      expect(missing.message).toMatch(/connectorId|operationalStatus|type/);
      const unknown = (await refusalOf(client.call("ClearCache", { surprise: true }))) as RpcError;
      expect(unknown.rpcErrorCode).toBe(version === "1.6" ? "FormationViolation" : "FormatViolation");
      expect(unknown.message).toContain("surprise");
    });

    it("answers for a handler that throws, without its text, and with the code that it chose", async () => {
      const reports: Report[] = [];
      const { client } = await meet(
        version,
        { strict },
        {
          report: (report) => reports.push(report),
          handlers: {
            ClearCache: () => {
              throw new Error("secret of the database");
            },
            Reset: () => {
              throw new OcppError("SecurityError", "Not by you");
            },
          },
        },
      );
      const plain = (await refusalOf(client.call("ClearCache", {}))) as RpcError;
      expect(plain.rpcErrorCode).toBe("InternalError");
      expect(plain.message).not.toContain("secret");
      const reset = version === "1.6" ? { type: "Soft" } : { type: "OnIdle" };
      expect(await refusalOf(client.call("Reset", reset))).toMatchObject({
        rpcErrorCode: "SecurityError",
        message: "Not by you",
      });
      expect(reports.map(({ type }) => type)).toContain("handler-failed");
    });

    it.each([
      ["text", "pässwörd"],
      ["binary", Uint8Array.from({ length: 20 }, (_, index) => (index * 37 + 128) % 256)],
    ])("shows its password, %s", async (_kind, password) => {
      const seen: (Buffer | undefined)[] = [];
      await meet(version, { strict, admits: (handshake) => seen.push(handshake.password) > 0 }, { password });
      expect(seen).toEqual([Buffer.from(password)]);
    });

    it("says that it was not let in", async () => {
      const error = await refusalOf(
        meet(version, { strict, admits: () => false }, { password: "wrong" }).then(() => "in"),
      );
      expect(error).toMatchObject({ name: "HandshakeError", code: "refused", status: 401 });
      expect(HandshakeError.is(error)).toBe(true);
      expect((error as Error).message).not.toContain("wrong");
    });

    it("is told the close code and tells its own", async () => {
      const first = await meet(version, { strict });
      await Promise.all([
        first.client.close({ code: 4321, reason: "Out for lunch" }),
        expect(first.peer.closed).resolves.toEqual({ code: 4321, reason: "Out for lunch" }),
      ]);

      const second = await meet(version, { strict });
      const heard = once(second.client, "close");
      await second.peer.close({ code: 4322, reason: "Dinner" });
      expect(await heard).toMatchObject([{ code: 4322, reason: "Dinner" }]);
    });

    it("comes back when the CSMS drops it, with the rest of its calls", async () => {
      const endpoint = anyStation(version, { ClearCache: () => ({ status: "Accepted" }) });
      const { url, nextClient } = await startRpcCsms({
        subprotocol,
        strict,
        prepare: (client) => {
          client.handle("Heartbeat", () => ({ currentTime: new Date().toISOString() }));
        },
      });
      const session = connect(url, [endpoint], {
        identity,
        reconnect: { waitMinimum: 5, randomRange: 5, repeatTimes: 1 },
      });
      onTestFinished(() => session.close({ timeout: 0 }));
      const first = await nextClient();
      const before = await session.ready;
      const again = nextClient();
      await first.close({ force: true });
      expect(await before.closed).toMatchObject({ code: 1006 });
      const second = await again;
      for await (const peer of session.peers) {
        expect(peer).not.toBe(before);
        expect(await peer.callByName("Heartbeat", {})).toHaveProperty("currentTime");
        break;
      }
      expect(await second.call("ClearCache", {})).toEqual({ status: "Accepted" });
    });
  },
);

describe.each(matrix.filter(({ strict }) => strict))(
  "our client and a CSMS of ocpp-rpc that validates, $version",
  ({ version, strict }) => {
    it("is told that a field is missing, and that one is of the wrong type", async () => {
      const { peer } = await meet(version, { strict, prepare: serveAnything }, { outbound: "off" });
      expect(await refusalOf(peer.callByName("BootNotification", {}))).toMatchObject({
        name: "OcppError",
        code: "OccurrenceConstraintViolation",
      });
      const wrong = version === "1.6" ? { idTag: 7 } : { idToken: 7 };
      expect(await refusalOf(peer.callByName("Authorize", wrong))).toMatchObject({
        name: "OcppError",
        code: "TypeConstraintViolation",
      });
    });

    it("is told that a handler there returned what its schema forbids", async () => {
      const { peer } = await meet(version, { strict, prepare: serveAnything });
      expect(await refusalOf(peer.callByName("Heartbeat", {}))).toMatchObject({
        name: "OcppError",
        code: "InternalError",
      });
    });
  },
);

describe("what ocpp-rpc 2.2.1 cannot do in 2.1", () => {
  it("refuses every message in strict mode, since it does not find its own schemas", async () => {
    const { peer } = await meet("2.1", { strict: true, prepare: serveAnything });
    expect(await refusalOf(peer.callByName("Heartbeat", {}))).toMatchObject({
      code: "ProtocolError",
      description: "Schema 'urn:Heartbeat.req' is missing from subprotocol schema 'ocpp2.1'",
    });
  });

  it("complains about a SEND, which our peer takes note of and goes on", async () => {
    const reports: Report[] = [];
    const { peer } = await meet(
      "2.1",
      { strict: false, prepare: serveHeartbeat },
      { report: (report) => reports.push(report) },
    );
    const notice = { id: 1, pending: 0, basetime: "2026-01-01T00:00:00Z", data: [{ t: 0, v: "1" }] };
    (peer as unknown as { send(action: string, request: unknown): void }).send("NotifyPeriodicEventStream", notice);
    // What was sent first is complained about first.
    expect(await peer.callByName("Heartbeat", {})).toHaveProperty("currentTime");
    expect(reports).toMatchObject([{ type: "unexpected-answer", why: "unknown", messageId: "-1" }]);
  });
});
