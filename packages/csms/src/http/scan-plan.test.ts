import { type CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventScan } from "../events/rest/events.ts";
import { logScan } from "../observability/rest/logs.ts";
import { messageScan } from "../observability/rest/messages-query.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables/tables.ts";
import { transactionOrder, transactionScan } from "../transactions/rest/query.ts";
import { type Scan, scanPlan } from "./scan-page.ts";

let store: Store;

beforeAll(async () => {
  store = await openStore({ kind: "sqlite", file: ":memory:" });
});

afterAll(() => store.close());

async function explain({ sql: text, parameters }: CompiledQuery): Promise<string[]> {
  const pieces = text.split("?");
  const query = sql.join(
    pieces.flatMap((piece, index) => [
      sql.raw(piece),
      ...(index < parameters.length ? [sql`${parameters[index]}`] : []),
    ]),
    sql``,
  );
  const { rows } = await sql<{ detail: string }>`explain query plan ${query}`.execute(store.reader);
  return rows.map(({ detail }) => detail);
}

/** Every choice of some of the filters. */
function choices<Query extends object>(filters: Query): Partial<Query>[] {
  return Object.entries(filters).reduce<Partial<Query>[]>(
    (made, [name, value]) => made.flatMap((one) => [one, { ...one, [name]: value as unknown }]),
    [{}],
  );
}

/**
 * That a page costs no more than its limit or its budget: rows come in order by an index or the key, so nothing is sorted, and
 * the limit stops the database early.
 */
async function expectBounded<T extends keyof Tables>(
  scan: Scan<T>,
  sort = scan.pages.sort,
  at: number | undefined = 5,
): Promise<void> {
  for (const order of ["asc", "desc"] as const) {
    const plan = scanPlan(store, scan, sort, order, at === undefined ? undefined : [at, at]);
    const query = scan.rest.length > 0 ? plan.fitting(5000) : plan.candidates;
    const steps = await explain(query.selectAll().limit(101).compile());
    expect(steps.join("; ")).not.toMatch(/TEMP B-TREE|AUTOMATIC/);
    const equal = scan.lead.length > 0 || sort !== scan.pages.id || at !== undefined;
    if (equal) expect(steps.join("; ")).toMatch(/SEARCH|USING (COVERING )?INDEX/);
  }
}

const times = { since: "2026-01-01", until: "2026-02-01" };

describe("no list sorts or looks through a whole table", () => {
  it("of transactions, whatever the filters and the sort", async () => {
    const filters = {
      stationId: "CP1",
      complete: false,
      idToken: "TAG",
      evseId: 1,
      protocol: "ocpp1.6" as const,
      startedSince: "2026-01-01",
      startedUntil: "2026-02-01",
      stoppedSince: "2026-01-01",
    };
    for (const sort of Object.keys(transactionOrder.sorts)) {
      for (const query of choices(filters)) {
        await expectBounded(transactionScan({ ...query, sort }), sort);
        await expectBounded(transactionScan({ ...query, complete: true, sort }), sort);
      }
    }
  });

  it("of messages, logs and events, whatever the filters", async () => {
    const message = {
      stationId: "CP1",
      action: "Heartbeat",
      messageId: "m1",
      direction: "inbound",
      type: "CALL",
      text: "x",
      ...times,
    } as const;
    for (const query of choices(message)) await expectBounded(messageScan(query));
    const log = { stationId: "CP1", level: "ERROR", source: "System", text: "x", ...times } as const;
    for (const query of choices(log)) await expectBounded(logScan(query));
    const event = { stationId: ["CP1"], kind: ["transaction.started"], after: 7, ...times };
    for (const query of choices(event)) await expectBounded(eventScan(query));
    await expectBounded(eventScan({ stationId: ["CP1", "CP2"], kind: ["transaction", "station.booted"] }));
  });
});
