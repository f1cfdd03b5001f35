import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cpuOf, dropFolder, makeFolder, startCsms } from "./csms-process.ts";

/*
 * MeterValues messages a second that the CSMS stores and answers on SQLite, durable, with the message log on: 200 stations
 * of OCPP 1.6, three sampled values in each message. First as fast as they are answered, then at half of the goal for the
 * times to the answer. Arguments: seconds of each run. Prints one line of JSON.
 */

const [seconds = "15"] = process.argv.slice(2);
const stations = 200;
/** What is to be reached, in messages a second. */
const goal = 8_000;

interface Load {
  readonly perSecond: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

async function load(url: string, rate: number): Promise<Load> {
  const file = fileURLToPath(new URL("csms-load.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file, url, String(stations), seconds, String(rate)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Load;
}

const folder = makeFolder();
const csms = await startCsms(folder, { OCPP_CSMS_STATIONS_UNKNOWN: "accept", OCPP_CSMS_TOKENS_UNKNOWN: "accept" });
try {
  const before = cpuOf(csms.child);
  const full = await load(csms.webSocketUrl, 0);
  const microseconds = ((cpuOf(csms.child) - before) * 1_000) / (full.perSecond * Number(seconds));
  const half = await load(csms.webSocketUrl, goal / 2);
  process.stdout.write(`${JSON.stringify({ full, half, microseconds })}\n`);
} finally {
  await csms.stop();
  dropFolder(folder);
}
