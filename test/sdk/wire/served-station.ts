import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import type { AnyPeer, Report } from "@ocpp/core";
import { type OcppServer, serve } from "@ocpp/websocket/server";
import { WebSocket } from "ws";
import { Bench } from "./bench.ts";
import { type Entry, isText, textOf } from "./corpus.ts";
import type { Subject } from "./trial.ts";
import { endpointOf, protocolOf, type Version, versions } from "./version.ts";

/** The longest that anything on this machine may take, in milliseconds. */
const patience = 10_000;

/** Waits until a condition holds, looking again after each turn of the event loop. */
export async function until(condition: () => boolean, what = "what was waited for"): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > patience) throw new Error(`${what} did not come about`);
    await turn();
  }
}

/** A real server of all versions, with a bench and the reports of each station. */
export interface WireServer {
  readonly server: OcppServer<AnyPeer>;
  /** What was done for a station. */
  readonly benchOf: (identity: string) => Bench;
  readonly reportsOf: (identity: string) => Report[];
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startWireServer(): Promise<WireServer> {
  const benches = new Map<string, Bench>();
  const reports = new Map<string, Report[]>();
  const benchOf = (identity: string): Bench => {
    const bench = benches.get(identity) ?? new Bench();
    benches.set(identity, bench);
    return bench;
  };
  const reportsOf = (identity: string): Report[] => {
    const list = reports.get(identity) ?? [];
    reports.set(identity, list);
    return list;
  };
  const server: OcppServer<AnyPeer> = await serve({
    endpoints: versions.map((version) => endpointOf(version, "csms", benchOf)),
    port: 0,
    host: "127.0.0.1",
    concurrency: 4,
    report: (report, identity) => reportsOf(identity).push(report),
  });
  return { server, benchOf, reportsOf };
}

/** A bare WebSocket that is a station to the server, with what its peer at the server met and did. */
export interface ServedStation extends Subject {
  /** Closes the WebSocket and waits until it is closed. */
  end(): Promise<void>;
}

/** Connects a bare station. */
export async function connectStation(wire: WireServer, version: Version, identity: string): Promise<ServedStation> {
  const { server, benchOf, reportsOf } = wire;
  const received: string[] = [];
  let closed: number | undefined;
  let connection: Socket | undefined;
  const socket = new WebSocket(`${server.url}/${identity}`, protocolOf[version].subprotocol, {
    perMessageDeflate: false,
  });
  socket.on("upgrade", (response) => {
    connection = response.socket;
  });
  socket.on("message", (data: Buffer, isBinary) => {
    received.push(isBinary ? `binary ${data.length}` : data.toString());
  });
  socket.on("close", (code) => {
    closed = code;
  });
  socket.on("error", () => {
    // The connection may be cut while the rest of a frame is on its way; what counts is the code that was received.
  });
  await until(() => socket.readyState === WebSocket.OPEN || closed !== undefined, "The connection");
  await until(() => server.peer(identity) !== undefined || closed !== undefined, "The peer");
  return {
    bench: benchOf(identity),
    received,
    reports: reportsOf(identity),
    closed: () => closed,
    put: (frame) => {
      put(socket, connection, frame);
    },
    call: async (action, request, messageId) => server.peer(identity)?.callByName(action, request, { messageId }),
    until,
    end: async () => {
      if (closed === undefined) socket.close();
      await until(() => closed !== undefined, "The end");
    },
  };
}

function put(socket: WebSocket, connection: Socket | undefined, frame: Entry["frame"]): void {
  if (isText(frame)) socket.send(textOf(frame));
  else if ("text" in frame) socket.send(textOf(frame.text));
  else if ("binary" in frame) socket.send(Buffer.from(textOf(frame.binary)), { binary: true });
  else if ("raw" in frame) connection?.write(Buffer.from(frame.raw, "hex"));
  else {
    frame.fragments.forEach((fragment, index) => {
      socket.send(textOf(fragment), { fin: index === frame.fragments.length - 1, binary: false });
    });
  }
}
