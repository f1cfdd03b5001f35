import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { WebSocketServer } from "ws";

/*
 * The barest server that keeps every message before it answers: `ws`, JSON.parse, one row a message in SQLite on a thread
 * of its own, where all that came meanwhile share a commit, and a CALLRESULT. It checks nothing, and knows nobody. What a
 * durable CSMS costs is measured against it. Argument: the folder of its database. Prints its URL.
 */

const [folder = ""] = process.argv.slice(2);
const thread = JSON.stringify(new URL("./bare-durable-thread.ts", import.meta.url));
// Threads of Node 20 do not take `--import tsx`.
const worker = new Worker(`import("tsx/esm/api").then(({ tsImport }) => tsImport(${thread}, ${thread}))`, {
  workerData: join(folder, "bare.db"),
  eval: true,
});
await once(worker, "message");

let waiting: (() => void)[] = [];
let values: unknown[] = [];
let underWay: (() => void)[] | undefined;

function pump(): void {
  if (underWay !== undefined || waiting.length === 0) return;
  underWay = waiting;
  waiting = [];
  worker.postMessage(values, []);
  values = [];
}

worker.on("message", () => {
  const durable = underWay ?? [];
  underWay = undefined;
  for (const answer of durable) answer();
  pump();
});

const server = new WebSocketServer({
  port: 0,
  host: "127.0.0.1",
  handleProtocols: () => "ocpp1.6",
  perMessageDeflate: false,
});
server.on("connection", (socket, request) => {
  const station = request.url ?? "";
  socket.on("message", (data: Buffer) => {
    const [, id, action, payload] = JSON.parse(data.toString()) as [number, string, string, unknown];
    values.push(station, id, Date.now(), JSON.stringify(payload));
    waiting.push(() => {
      socket.send(JSON.stringify([3, id, action === "StartTransaction" ? { transactionId: 1 } : {}]));
    });
    queueMicrotask(pump);
  });
});
await once(server, "listening");
process.stdout.write(`ws://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
