import { join } from "node:path";
import { openStore, type Store, type TransactionRow } from "@ocpp/csms";
import { dropFolder, makeFolder, startCsms } from "./csms-process.ts";
import { median } from "./figure.ts";

/*
 * Milliseconds for a page of 100 out of 1,000,000 transactions, by filter, and for the start of the CSMS on that database.
 * Prints one line of JSON.
 */

const count = 1_000_000;
const rounds = 21;
const start = Date.UTC(2026, 0, 1);

function row(id: number, index: number): TransactionRow {
  const startedAt = start + index * 20_000;
  const complete = index % 1_000 === 0 ? 0 : 1;
  return {
    id,
    station_id: `CS${index % 2_000}`,
    transaction_id: String(index + 1),
    number: index + 1,
    protocol: "ocpp1.6",
    evse_id: (index % 2) + 1,
    connector_id: (index % 2) + 1,
    id_token: `TAG${index % 50_000}`,
    id_token_type: null,
    group_id: null,
    authorization: "Accepted",
    remote_start_id: null,
    reservation_id: null,
    started_at: startedAt,
    start_time: new Date(startedAt).toISOString(),
    start_received_at: startedAt,
    stopped_at: complete === 1 ? startedAt + 3_600_000 : null,
    stop_time: complete === 1 ? new Date(startedAt + 3_600_000).toISOString() : null,
    stop_received_at: complete === 1 ? startedAt + 3_600_000 : null,
    stop_reason: complete === 1 ? "Local" : null,
    stop_id_token: null,
    requested_stop_reason: null,
    complete,
    provisional: 0,
    meter_start: index,
    meter_stop: complete === 1 ? index + 7_000 : null,
    register: index + 7_000,
    register_at: startedAt,
    charging_state: null,
    first_seq: null,
    last_seq: null,
    seq_count: 2,
    offline: 0,
    remarks: "[]",
    doubtful_since: null,
    updated_at: startedAt,
  };
}

async function fill(store: Store): Promise<void> {
  const insert = store.prepare<TransactionRow>((db, values) => db.insertInto("transactions").values(values));
  for (let index = 0; index < count; index += 5_000) {
    const rows = Array.from({ length: 5_000 }, (_, offset) => insert(row(store.nextId(), index + offset)));
    await store.write(...rows);
  }
}

const folder = makeFolder();
const store = await openStore({ kind: "sqlite", file: join(folder, "ocpp.db") });
await fill(store);
await store.close();

const csms = await startCsms(folder);
const time = async (path: string): Promise<{ readonly milliseconds: number; readonly next: string | undefined }> => {
  const begin = performance.now();
  const response = await fetch(new URL(path, csms.apiUrl));
  await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  return { milliseconds: performance.now() - begin, next };
};
const pages: Record<string, number> = {};
for (const path of [
  "/api/v1/transactions",
  "/api/v1/transactions?complete=false",
  "/api/v1/transactions?stationId=CS77",
  "/api/v1/transactions?stationId=CS77&complete=true",
]) {
  const times: number[] = [];
  let at: string | undefined = path;
  for (let round = 0; round < rounds; round += 1) {
    const page: Awaited<ReturnType<typeof time>> = await time(at ?? path);
    times.push(page.milliseconds);
    at = page.next;
  }
  pages[path] = median(times);
}
const { startTime: first } = csms;
await csms.stop();
const starts: number[] = [first];
for (let round = 0; round < 4; round += 1) {
  const again = await startCsms(folder);
  starts.push(again.startTime);
  await again.stop();
}
process.stdout.write(`${JSON.stringify({ pages, start: median(starts) })}\n`);
dropFolder(folder);
process.exit(0);
