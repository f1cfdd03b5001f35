import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cpuOf, dropFolder, makeFolder, startCsms } from "./csms-process.ts";
import { type Load, load } from "./measured-load.ts";

/*
 * MeterValues messages a second that the CSMS stores and answers on SQLite, durable, with the message log on: 200 stations
 * of OCPP 1.6, three sampled values in each message. The same load on the barest server that keeps what it answers, for the
 * processor time of one message beside ours. First as fast as they are answered, then the CSMS at half of the goal for the
 * times to the answer. Arguments: seconds of each run. Prints one line of JSON.
 */

const [argument = "15"] = process.argv.slice(2);
const seconds = Number(argument);
/** How many seconds of the same load come before. */
const warmUp = 5;
/** What is to be reached, in messages a second. */
const goal = 8_000;

/** A load, and the microseconds of processor time that one message cost the server, all its threads together. */
interface Costs {
  readonly load: Load;
  readonly microseconds: number;
}

async function costs(server: ChildProcess, url: string): Promise<Costs> {
  // Both are measured once their code has been compiled.
  await load(url, warmUp, 0);
  const before = cpuOf(server);
  const full = await load(url, seconds, 0);
  return { load: full, microseconds: ((cpuOf(server) - before) * 1_000) / (full.perSecond * seconds) };
}

async function barestServer(): Promise<Costs> {
  const folder = makeFolder();
  const file = fileURLToPath(new URL("bare-durable-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file, folder], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return await costs(child, url);
  } finally {
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
    dropFolder(folder);
  }
}

const barest = await barestServer();
const folder = makeFolder();
const csms = await startCsms(folder, { OCPP_CSMS_STATIONS_UNKNOWN: "accept", OCPP_CSMS_TOKENS_UNKNOWN: "accept" });
try {
  const { load: full, microseconds } = await costs(csms.child, csms.webSocketUrl);
  const half = await load(csms.webSocketUrl, seconds, goal / 2);
  process.stdout.write(`${JSON.stringify({ full, half, microseconds, barest: barest.microseconds })}\n`);
} finally {
  await csms.stop();
  dropFolder(folder);
}
