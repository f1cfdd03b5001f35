import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { configurationOf, createCsms } from "@ocpp/csms";
import { dropFolder, makeFolder } from "./csms-process.ts";

/*
 * Bytes that the process of the CSMS grows by for each of 10,000 connected stations, with all its threads. Run with
 * --expose-gc; the stations live in a child process. `memory.ts bare` measures the same for `ws` alone.
 */

const connections = 10_000;

/** Of the process, and of the heap and buffers of its main thread: what freed memory hides from the first, the second shows. */
function used(): { readonly rss: number; readonly heap: number } {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed + external + arrayBuffers };
}

const folder = makeFolder();
const configuration = configurationOf({
  webSocket: { port: 0 },
  api: { port: 0 },
  store: { folder },
  stations: { unknown: "accept", unknownRate: 0, unknownLimit: 100_000 },
  log: { level: "silent" },
});
const csms = await createCsms({ configuration });
const port = new URL(csms.webSocketUrl).port;
const clients = fork(fileURLToPath(new URL("idle-clients.ts", import.meta.url)), [port, "200"], {
  execArgv: ["--import", "tsx"],
});
const opened = (): Promise<unknown> => new Promise((resolve) => clients.once("message", resolve));
await opened();
const before = used();
clients.send(connections);
await opened();
const after = used();
const connected = [...csms.services.connections].length;
process.stdout.write(
  `${JSON.stringify({
    rss: (after.rss - before.rss) / connections,
    heap: (after.heap - before.heap) / connections,
    connected,
  })}\n`,
);
clients.kill();
await csms.close(0);
dropFolder(folder);
process.exit(0);
