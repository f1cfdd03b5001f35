import { expect } from "vitest";
import type { TestDatabase } from "./database.ts";
import type { Ledger } from "./ledger.ts";

/** A transaction as REST tells of it; the part that is looked at. */
interface TransactionBody {
  readonly stationId: string;
  readonly transactionId: string;
  readonly idToken: string | null;
  readonly meterStart: number;
  readonly meterStop: number | null;
  readonly energy: number | null;
  readonly complete: boolean;
  readonly provisional: boolean;
  readonly messageCount: number;
  readonly missingMessages: number | null;
}

/** Every page of a list. */
async function allOf<T>(apiUrl: string, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: Response = await fetch(new URL(next, apiUrl));
    expect(response.status).toBe(200);
    found.push(...((await response.json()) as T[]));
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return found;
}

/** What differs between two lists of lines that should be alike: lines that are missing, and lines too many. */
function difference(expected: readonly string[], found: readonly string[]): { missing: string[]; surplus: string[] } {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  const surplus: string[] = [];
  for (const line of found) {
    const left = counts.get(line) ?? 0;
    if (left === 0) surplus.push(line);
    else counts.set(line, left - 1);
  }
  const missing = [...counts].filter(([, left]) => left > 0).map(([line]) => line);
  return { missing: missing.slice(0, 20), surplus: surplus.slice(0, 20) };
}

const none = { missing: [], surplus: [] };

/** Expects that REST tells of every transaction of the ledger, of no other, with the totals that its station knows. */
export async function expectTold(apiUrl: string, { transactions }: Ledger): Promise<void> {
  const told = await allOf<TransactionBody>(apiUrl, "/api/v1/transactions?limit=1000");
  const found = told.map((one) =>
    [
      one.stationId,
      one.transactionId,
      one.idToken,
      one.meterStart,
      one.meterStop,
      one.energy,
      one.complete,
      one.provisional,
      one.messageCount,
      one.missingMessages,
    ].join(" "),
  );
  const expected = transactions.map((one) =>
    [
      one.stationId,
      one.transactionId,
      one.idToken,
      one.meterStart,
      one.meterStop,
      one.meterStop - one.meterStart,
      true,
      false,
      one.protocol === "ocpp1.6" ? 0 : one.messages.length,
      one.protocol === "ocpp1.6" ? "" : 0,
    ].join(" "),
  );
  expect(difference(expected, found)).toEqual(none);
}

/** Expects that the database has every message and every reading of the ledger once, and no other. */
export async function expectKept(database: TestDatabase, { transactions, readings }: Ledger): Promise<void> {
  const numbers = transactions
    .filter(({ protocol }) => protocol === "ocpp1.6")
    .map(({ transactionId }) => transactionId);
  expect(new Set(numbers).size, "numbers of 1.6 are given once").toBe(numbers.length);

  const kept = await database.rows(
    'select t.station_id, t.transaction_id, e.type, e.seq_no, e.event_time from transaction_events e join transactions t on t.id = e."transaction"',
  );
  const toldMessages = transactions.flatMap(({ stationId, transactionId, messages }) =>
    messages.map(({ type, seqNo, time }) => [stationId, transactionId, type, seqNo, time].join(" ")),
  );
  const keptMessages = kept.map((row) =>
    [row["station_id"], row["transaction_id"], row["type"], row["seq_no"], row["event_time"]].join(" "),
  );
  expect(difference(toldMessages, keptMessages), "messages").toEqual(none);

  const values = await database.rows(
    'select m.station_id, t.transaction_id, m.time, m.register from meter_values m left join transactions t on t.id = m."transaction"',
  );
  const toldReadings = [
    ...transactions.flatMap(({ stationId, transactionId, readings: own }) =>
      own.map(({ time, register }) => [stationId, transactionId, time, register].join(" ")),
    ),
    ...readings.map(({ stationId, time, register }) => [stationId, "-", time, register].join(" ")),
  ];
  const keptReadings = values.map((row) =>
    [row["station_id"], row["transaction_id"] ?? "-", row["time"], row["register"]].join(" "),
  );
  expect(difference(toldReadings, keptReadings), "meter values").toEqual(none);

  const [failed] = await database.rows("select count(*) as count from failed_stops");
  expect(failed?.["count"], "stops that could not be taken at their word").toBe(0);
}
