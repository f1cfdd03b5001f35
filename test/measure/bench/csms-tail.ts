import { statSync } from "node:fs";
import { join } from "node:path";
import { dropFolder, makeFolder, startCsms } from "./csms-process.ts";
import { load } from "./measured-load.ts";

/*
 * The time to the answer of MeterValues, 2,000 a second from 200 stations, while somebody reads nine lists of REST one
 * after the other without a pause; and how large the write-ahead log grows meanwhile. Arguments: seconds. Prints one line
 * of JSON.
 */

const [seconds = "20"] = process.argv.slice(2);
const rate = 2_000;
const today = new Date().toISOString().slice(0, 10);

/** Long pages, a search that finds nothing, and a report: what a dashboard and its export ask for. */
const lists = [
  "/api/v1/stations?limit=1000",
  "/api/v1/security-events?limit=1000",
  "/api/v1/transactions?limit=1000",
  "/api/v1/transactions?complete=false&limit=1000",
  "/api/v1/events?limit=1000",
  "/api/v1/messages?limit=1000",
  "/api/v1/messages?text=nowhere&limit=1000",
  "/api/v1/logs?limit=1000",
  `/api/v1/reports/energy?startDate=${today}&endDate=${today}`,
];

const folder = makeFolder();
const csms = await startCsms(folder, { OCPP_CSMS_STATIONS_UNKNOWN: "accept", OCPP_CSMS_TOKENS_UNKNOWN: "accept" });
const log = join(folder, "ocpp.db-wal");
let largestLog = 0;
let rounds = 0;
let longestList = { path: "", milliseconds: 0 };
const ended = new AbortController();

async function read(): Promise<void> {
  while (!ended.signal.aborted) {
    for (const path of lists) {
      const begin = performance.now();
      const response = await fetch(new URL(path, csms.apiUrl));
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      const milliseconds = performance.now() - begin;
      if (milliseconds > longestList.milliseconds) longestList = { path, milliseconds };
    }
    rounds += 1;
  }
}

const watch = setInterval(() => {
  largestLog = Math.max(largestLog, statSync(log, { throwIfNoEntry: false })?.size ?? 0);
}, 50);
try {
  const reading = read();
  const measured = await load(csms.webSocketUrl, Number(seconds), rate);
  ended.abort();
  await reading;
  process.stdout.write(`${JSON.stringify({ load: measured, rounds, longestList, largestLog })}\n`);
} finally {
  clearInterval(watch);
  await csms.stop();
  dropFolder(folder);
}
