import { once } from "node:events";
import { type Endpoint, OcppError, type Protocol, type Report, ViolationError } from "@ocpp/core";
import type { Version } from "@ocpp/demo";
import { csmsEndpoints, csmsHandlers } from "@ocpp/demo";
import { type OcppServer, refuse, type ServeOptions, samePassword, serve } from "@ocpp/websocket/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AnyHandlers, type AnyPeer, anyCsms, refusalOf } from "./any-endpoint.ts";
import { matrix } from "./matrix.ts";
import { createRPCError, type RpcClient, type RpcClientOptions, type RpcError } from "./ocpp-rpc.ts";
import { rehearse } from "./rehearsal.ts";
import { serveWith } from "./rpc-csms.ts";
import { makeRpcStation } from "./rpc-station.ts";

const identity = "CS 001";
type Server = OcppServer<AnyPeer<"csms">>;
type Options = ServeOptions<readonly Endpoint<Protocol, "csms">[], object>;
type Serving = Omit<Options, "endpoints">;
type Connecting = Partial<RpcClientOptions> & { readonly strict: boolean };

const heartbeat: AnyHandlers = { Heartbeat: () => ({ currentTime: new Date().toISOString() }) };

/** Starts a CSMS of ours, which ends with the test. */
async function start(
  version: Version,
  given: Serving & { readonly handlers?: AnyHandlers; readonly outbound?: "off" } = {},
): Promise<Server> {
  const { handlers = heartbeat, outbound = "reject", ...serving } = given;
  const endpoints = [anyCsms(version, handlers, { outbound })];
  const options: Options = { host: "127.0.0.1", port: 0, ...serving, endpoints };
  const server = await serve(options);
  onTestFinished(() => server.close({ timeout: 0 }));
  return server;
}

/** A station of ocpp-rpc for a server. */
function stationOf(server: Server, subprotocol: string, { strict, ...options }: Connecting): RpcClient {
  return makeRpcStation({ endpoint: server.url, identity, protocols: [subprotocol], strictMode: strict, ...options });
}

/** The peer of the station at the server. */
function peerAt(server: Server): AnyPeer<"csms"> {
  const peer = server.peer(identity);
  if (peer === undefined) throw new Error("The station is not connected");
  return peer;
}

describe.each(matrix)(
  "a station of ocpp-rpc and our server, $version",
  ({ version, subprotocol, strict, makeStation, ...row }) => {
    it("goes through the local and the remote charge", async () => {
      const rehearsal = rehearse(makeStation);
      const endpoints = csmsEndpoints(csmsHandlers());
      const server = await serve({ host: "127.0.0.1", port: 0, endpoints: Object.values(endpoints) });
      onTestFinished(() => server.close({ timeout: 0 }));
      const client = makeRpcStation({ endpoint: server.url, identity, protocols: [subprotocol], strictMode: strict });
      serveWith(rehearsal.station.endpoint, client);
      await client.connect();
      expect(client.protocol).toBe(subprotocol);

      const lines = await rehearsal.run({
        fromStation: (action, request) => client.call(action, request),
        fromCsms: async (action, request) => server.peer(identity)?.callByName(action, request),
      });
      expect(lines).toEqual(rehearsal.expected);
    });

    it("is told what is unknown, what goes the wrong way and what is not valid", async () => {
      const client = stationOf(await start(version), subprotocol, { strict: false });
      await client.connect();
      expect(await refusalOf(client.call("Nonsense", {}))).toMatchObject({ rpcErrorCode: "NotImplemented" });
      expect(await refusalOf(client.call("__proto__", {}))).toMatchObject({ rpcErrorCode: "NotImplemented" });
      expect(await refusalOf(client.call("ClearCache", {}))).toMatchObject({ rpcErrorCode: "NotSupported" });
      const missing = (await refusalOf(client.call("BootNotification", {}))) as RpcError;
      expect(missing.rpcErrorCode).toBe(row.missingField);
      expect(missing.message).toMatch(/chargePointVendor|chargePointModel|chargingStation|reason/);
      const unknown = (await refusalOf(client.call("Heartbeat", { surprise: true }))) as RpcError;
      expect(unknown.rpcErrorCode).toBe(version === "1.6" ? "FormationViolation" : "FormatViolation");
      expect(unknown.message).toContain("surprise");
      expect(await client.call("Heartbeat", {})).toHaveProperty("currentTime");
    });

    it("is told of a handler that throws, without its text, and of the code that one chose", async () => {
      const reports: Report[] = [];
      const server = await start(version, {
        report: (report) => reports.push(report),
        handlers: {
          Heartbeat: () => {
            throw new Error("secret of the database");
          },
          BootNotification: () => {
            throw new OcppError("SecurityError", "Not you", { details: { why: "never" } });
          },
        },
      });
      const client = stationOf(server, subprotocol, { strict });
      await client.connect();
      const plain = (await refusalOf(client.call("Heartbeat", {}))) as RpcError;
      expect(plain.rpcErrorCode).toBe("InternalError");
      expect(plain.message).not.toContain("secret");
      expect(reports.map(({ type }) => type)).toContain("handler-failed");
      const boot =
        version === "1.6"
          ? { chargePointVendor: "Woodland", chargePointModel: "Oak" }
          : { reason: "PowerUp", chargingStation: { vendorName: "Woodland", model: "Oak" } };
      expect(await refusalOf(client.call("BootNotification", boot))).toMatchObject({
        rpcErrorCode: "SecurityError",
        message: "Not you",
        details: { why: "never" },
      });
    });

    it("tells what it does not know, and what its handlers throw", async () => {
      const server = await start(version);
      const client = stationOf(server, subprotocol, { strict });
      await client.connect();
      const clear = (): Promise<unknown> => refusalOf(peerAt(server).callByName("ClearCache", {}));
      expect(await clear()).toMatchObject({ name: "OcppError", code: "NotImplemented", received: true });
      client.handle("ClearCache", () => {
        throw new Error("the flash is full");
      });
      expect(await clear()).toMatchObject({ code: "GenericError", description: "the flash is full" });
      client.handle("ClearCache", () => {
        throw createRPCError("NotSupported", "no cache", { why: "small" });
      });
      expect(await clear()).toMatchObject({ code: "NotSupported", description: "no cache", details: { why: "small" } });
    });

    it("is refused an invalid request here before it leaves, and an invalid response of its own", async () => {
      const server = await start(version);
      const client = stationOf(server, subprotocol, { strict: false });
      const heard: string[] = [];
      client.handle(({ method }) => {
        heard.push(method);
        return { status: "Perhaps" };
      });
      await client.connect();
      const request = await refusalOf(peerAt(server).callByName("ChangeAvailability", {}));
      expect(request).toBeInstanceOf(ViolationError);
      expect(heard).toEqual([]);
      const response = await refusalOf(peerAt(server).callByName("ClearCache", {}));
      expect(response).toMatchObject({ name: "ViolationError", part: "response", action: "ClearCache" });
      expect((response as Error).message).toContain("status");
      expect(heard).toEqual(["ClearCache"]);
    });

    it.each([
      ["text", "pässwörd"],
      ["binary", Buffer.from(Array.from({ length: 20 }, (_, index) => (index * 37 + 128) % 256))],
    ])("is let in by its password, %s, and not by another", async (_kind, password) => {
      const server = await start(version, {
        authenticate: ({ credentials }) =>
          credentials !== undefined && samePassword(credentials.password, password) ? { tenant: "north" } : refuse(401),
      });
      const client = stationOf(server, subprotocol, { strict, password });
      await client.connect();
      expect(await client.call("Heartbeat", {})).toHaveProperty("currentTime");
      expect(peerAt(server).info).toEqual({ tenant: "north" });
      await client.close();

      const stranger = stationOf(server, subprotocol, { strict, password: "guess" });
      expect(await refusalOf(stranger.connect())).toMatchObject({ code: 401 });
      const nobody = stationOf(server, subprotocol, { strict });
      expect(await refusalOf(nobody.connect())).toMatchObject({ code: 401 });
    });

    it("gets 404 where it is not known", async () => {
      const server = await start(version, { authenticate: () => refuse(404) });
      const client = stationOf(server, subprotocol, { strict, password: "x" });
      expect(await refusalOf(client.connect())).toMatchObject({ code: 404 });
    });

    it("is told the close code and tells its own", async () => {
      const server = await start(version);
      const first = stationOf(server, subprotocol, { strict });
      await first.connect();
      const heard = once(first, "close");
      await peerAt(server).close({ code: 4321, reason: "Out for lunch" });
      expect(await heard).toMatchObject([{ code: 4321, reason: "Out for lunch" }]);

      const second = stationOf(server, subprotocol, { strict });
      await second.connect();
      const peer = peerAt(server);
      await second.close({ code: 4322, reason: "Dinner" });
      expect(await peer.closed).toEqual({ code: 4322, reason: "Dinner" });
      expect(server.peer(identity)).toBeUndefined();
    });

    it("comes back when it is dropped, and is reached again", async () => {
      const server = await start(version);
      const client = stationOf(server, subprotocol, {
        strict,
        reconnect: true,
        backoff: { initialDelay: 5, maxDelay: 10 },
      });
      client.handle("ClearCache", () => ({ status: "Accepted" }));
      await client.connect();
      const before = peerAt(server);
      const again = once(client, "open");
      await before.close({ code: 1012, timeout: 0 });
      await again;
      expect(await client.call("Heartbeat", {})).toHaveProperty("currentTime");
      const after = peerAt(server);
      expect(after).not.toBe(before);
      expect(await after.callByName("ClearCache", {})).toEqual({ status: "Accepted" });
    });

    it("is replaced by a newer connection of the same identity", async () => {
      const server = await start(version);
      const [older, newer] = [0, 1].map(() => stationOf(server, subprotocol, { strict })) as [RpcClient, RpcClient];
      newer.handle("ClearCache", () => ({ status: "Accepted" }));
      await older.connect();
      const closed = once(older, "close");
      await newer.connect();
      expect(await closed).toMatchObject([{ code: 4001 }]);
      expect(await peerAt(server).callByName("ClearCache", {})).toEqual({ status: "Accepted" });
    });
  },
);

describe.each(matrix.filter(({ strict }) => strict))(
  "a station of ocpp-rpc that validates and our server, $version",
  ({ version, subprotocol, strict }) => {
    it("refuses what our server sends unchecked", async () => {
      const server = await start(version, { outbound: "off" });
      const client = stationOf(server, subprotocol, { strict });
      client.handle(() => ({}));
      await client.connect();
      const missing = await refusalOf(peerAt(server).callByName("ChangeAvailability", {}));
      expect(missing).toMatchObject({ name: "OcppError", code: "OccurrenceConstraintViolation" });
    });
  },
);

describe("a station of ocpp-rpc that speaks several versions", () => {
  it("gets the first of its versions that our server has", async () => {
    const server = await serve({
      host: "127.0.0.1",
      port: 0,
      endpoints: [anyCsms("1.6", heartbeat), anyCsms("2.0.1", heartbeat)],
    });
    onTestFinished(() => server.close({ timeout: 0 }));
    const protocols = ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"];
    const client = makeRpcStation({ endpoint: server.url, identity, protocols });
    await client.connect();
    expect(client.protocol).toBe("ocpp2.0.1");
    expect(server.peer(identity)?.protocol).toBe("ocpp2.0.1");
  });
});
