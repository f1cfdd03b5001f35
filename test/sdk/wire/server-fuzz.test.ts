import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handshake, openingBytes, segmentsOf, socketBytes } from "./byte-arbitrary.ts";
import { connectStation, startWireServer, until, type WireServer } from "./served-station.ts";
import { type StrayErrors, watchStrayErrors } from "./stray-errors.ts";
import { emptyCallResponse, protocolOf, versions } from "./version.ts";

const runs = Number(process.env["OCPP_FUZZ_RUNS"] ?? 150);

/** Sends segments over a socket of their own, hangs up and tells what came back once the server has hung up too. */
async function pour(port: number, segments: readonly Buffer[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let closed = false;
  const answer: Buffer[] = [];
  socket.on("error", () => {
    // The server may cut the connection while bytes are on their way.
  });
  socket.on("close", () => {
    closed = true;
  });
  socket.on("data", (data) => answer.push(data));
  await once(socket, "connect");
  for (const segment of segments) {
    if (closed) break;
    socket.write(segment);
    await turn();
  }
  socket.end();
  await until(() => closed, "The end of the connection");
  return Buffer.concat(answer).toString("latin1");
}

describe("a server, given any bytes", () => {
  let wire: WireServer;
  let stray: StrayErrors;
  let count = 0;

  beforeAll(async () => {
    stray = watchStrayErrors();
    wire = await startWireServer();
  });

  afterAll(async () => {
    await wire.server.close({ timeout: 0 });
    stray.stop();
    expect(stray.errors).toEqual([]);
  });

  /** Connects a good station, which is served as ever. */
  async function expectAlive(): Promise<void> {
    count += 1;
    const version = versions[count % versions.length] ?? "1.6";
    const station = await connectStation(wire, version, `good-${count}`);
    station.put('[2,"alive","Heartbeat",{}]');
    await station.until(() => station.received.length > 0);
    expect(JSON.parse(station.received[0] ?? "")).toEqual([3, "alive", emptyCallResponse(version, "Heartbeat")]);
    await station.end();
    expect(stray.errors).toEqual([]);
  }

  const places = fc.array(fc.nat({ max: 2_000 }), { maxLength: 4 });

  it("before the handshake, hangs up and serves on", async () => {
    await fc.assert(
      fc.asyncProperty(openingBytes, places, async (bytes, cuts) => {
        const answer = await pour(wire.server.port, segmentsOf(bytes, cuts));
        expect(answer).toMatch(/^($|HTTP\/1\.1 (101|[45]\d\d) )/u);
        expect(answer).not.toMatch(/\bat .*\.[jt]s\b|node_modules/u);
        await expectAlive();
      }),
      { numRuns: runs },
    );
  });

  it.each(versions)("in place of WebSocket frames of %s, hangs up and serves on", async (version) => {
    const { subprotocol } = protocolOf[version];
    await fc.assert(
      fc.asyncProperty(socketBytes, places, fc.boolean(), async (bytes, cuts, together) => {
        count += 1;
        const identity = `bad-${count}`;
        const opening = handshake(identity, subprotocol);
        const segments = together
          ? segmentsOf(Buffer.concat([opening, bytes]), cuts)
          : [opening, ...segmentsOf(bytes, cuts)];
        const answer = await pour(wire.server.port, segments);
        expect(answer).toMatch(/^HTTP\/1\.1 101 /u);
        await until(() => wire.server.peer(identity) === undefined, "The end of the peer");
        await expectAlive();
      }),
      { numRuns: runs },
    );
  });

  it("has no station left", () => {
    expect(wire.server.peers.size).toBe(0);
  });
});
