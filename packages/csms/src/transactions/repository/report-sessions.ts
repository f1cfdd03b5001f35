import type { Store } from "../../store/store.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { energyWithin } from "../rules/energy-report.ts";

/** A session in an energy report; times in milliseconds since 1970, energies in Wh. */
export interface ReportSession {
  readonly stationId: string;
  /** The station's name for it. */
  readonly transactionId: string;
  /** Its number in 1.6. */
  readonly number: number | null;
  readonly idToken: string | null;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  /** What it took within the window. */
  readonly energy: number;
  /** What it has taken in all. */
  readonly energyTotal: number;
  /** Whether it counts in this window: one that has ended counts where it stopped, one that runs where it started. */
  readonly counted: boolean;
}

/** A stretch of time: from its start up to but not including its end. In milliseconds since 1970. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

type Reading = { readonly at: number; readonly register: number };

const columns = [
  "id",
  "station_id",
  "transaction_id",
  "number",
  "id_token",
  "started_at",
  "start_received_at",
  "stopped_at",
  "stop_received_at",
  "complete",
  "meter_start",
  "meter_stop",
  "register",
] as const;

/** What is read of a transaction. */
type SessionRow = Pick<TransactionRow, (typeof columns)[number]>;

/** How many sessions are read, how many are tried, and of how many the readings are read, at once. */
const page = 500;
const budget = 10_000;
const batch = 25;

const startOf = (row: SessionRow): number => row.started_at ?? row.start_received_at;

/** When a session ended; null while it runs. */
function endOf(row: SessionRow): number | null {
  return row.complete === 0 ? null : (row.stopped_at ?? row.stop_received_at ?? startOf(row));
}

/** Whether the readings between start and end change what a session took within the window. */
function needsReadings(row: SessionRow, { start, end }: Window): boolean {
  const stopped = endOf(row);
  return (
    stopped === null || startOf(row) < start || stopped >= end || row.meter_start === null || row.meter_stop === null
  );
}

type Position = readonly [value: number, id: number];

/** Reads sessions in the order of a number and the id, a page at a time, so that neither we nor the database hold them all. */
async function* walk(
  read: (after: Position) => Promise<readonly SessionRow[]>,
  value: (row: SessionRow) => number,
): AsyncGenerator<readonly SessionRow[]> {
  let after: Position = [Number.MIN_SAFE_INTEGER, 0];
  for (;;) {
    const rows = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = [value(last), last.id];
  }
}

/**
 * Finds those of the sessions that stopped since the start which began before it. They may be few among many, so the
 * database tries a set number at a time and tells only of them.
 */
async function* begunBefore({ reader }: Store, { start }: Window): AsyncGenerator<readonly SessionRow[]> {
  let [at, id]: Position = [start, 0];
  for (;;) {
    const stopped = reader
      .selectFrom("transactions")
      .where("stopped_at", ">=", at)
      .where((where) => where.or([where("stopped_at", ">", at), where("id", ">", id)]))
      .orderBy("stopped_at")
      .orderBy("id");
    yield await reader
      .selectFrom(stopped.select(columns).limit(budget).as("transactions"))
      .select(columns)
      .where("started_at", "<", start)
      .execute();
    const end = await stopped
      .select(["stopped_at", "id"])
      .offset(budget - 1)
      .limit(1)
      .executeTakeFirst();
    if (end === undefined || end.stopped_at === null) return;
    [at, id] = [end.stopped_at, end.id];
  }
}

/**
 * Finds the sessions that overlap a window, page by page: those that run first, since one of them that stops meanwhile is
 * among the others then and is left out there.
 */
async function* sessionsIn(store: Store, window: Window): AsyncGenerator<readonly SessionRow[]> {
  const { start, end } = window;
  const all = store.reader.selectFrom("transactions").select(columns).limit(page);
  const running = new Set<number>();

  const open = walk(
    ([, id]) => all.where("complete", "=", 0).where("id", ">", id).orderBy("id").execute(),
    () => 0,
  );
  for await (const rows of open) {
    const fitting = rows.filter((row) => row.started_at !== null && row.started_at < start);
    for (const { id } of fitting) running.add(id);
    yield fitting;
  }

  for await (const rows of begunBefore(store, window)) yield rows.filter(({ id }) => !running.has(id));

  const unknown = walk(
    ([, id]) => all.where("started_at", "is", null).where("id", ">", id).orderBy("id").execute(),
    () => 0,
  );
  for await (const rows of unknown) {
    yield rows.filter((row) => startOf(row) < end && (endOf(row) ?? start) >= start);
  }

  yield* walk(
    ([at, id]) =>
      all
        .where("started_at", ">=", Math.max(at, start))
        .where("started_at", "<", end)
        .where((where) => where.or([where("started_at", ">", at), where("id", ">", id)]))
        .orderBy("started_at")
        .orderBy("id")
        .execute(),
    (row) => row.started_at ?? 0,
  );
}

async function readingsOf({ reader }: Store, rows: readonly SessionRow[]): Promise<Map<number, Reading[]>> {
  const found = new Map<number, Reading[]>();
  const values = await reader
    .selectFrom("meter_values")
    .select(["transaction", "measured_at", "register"])
    .where(
      "transaction",
      "in",
      rows.map(({ id }) => id),
    )
    .where("register", "is not", null)
    .execute();
  for (const { transaction, measured_at, register } of values) {
    if (register === null) continue;
    const readings = found.get(transaction) ?? [];
    readings.push({ at: measured_at, register });
    found.set(transaction, readings);
  }
  return found;
}

/** Tenths of a Wh, without what binary fractions add. */
function rounded(energy: number): number {
  return Math.round(energy * 10) / 10;
}

function sessionOf(row: SessionRow, readings: readonly Reading[], { start, end }: Window): ReportSession {
  const startedAt = startOf(row);
  const stoppedAt = endOf(row);
  const meterStop = stoppedAt === null ? null : (row.meter_stop ?? row.register);
  const facts = { startedAt, stoppedAt, meterStart: row.meter_start, meterStop, readings };
  const counts = stoppedAt ?? startedAt;
  const energy = rounded(energyWithin(facts, start, end));
  const whole = startedAt >= start && stoppedAt !== null && stoppedAt < end;
  return {
    stationId: row.station_id,
    transactionId: row.transaction_id,
    number: row.number,
    idToken: row.id_token,
    startedAt,
    stoppedAt,
    energy,
    energyTotal: whole ? energy : rounded(energyWithin(facts, -Infinity, Infinity)),
    counted: counts >= start && counts < end,
  };
}

/**
 * Finds what each session took within a window, page by page. Those that need their readings come a few at a time: they may
 * have thousands of them, which are neither held all at once nor gone through without letting others have a turn.
 */
export async function* reportSessions(store: Store, window: Window): AsyncGenerator<readonly ReportSession[]> {
  for await (const rows of sessionsIn(store, window)) {
    if (rows.length === 0) continue;
    if (!rows.some((row) => needsReadings(row, window))) {
      yield rows.map((row) => sessionOf(row, [], window));
      continue;
    }
    for (let at = 0; at < rows.length; at += batch) {
      const some = rows.slice(at, at + batch);
      const measured = some.filter((row) => needsReadings(row, window));
      const readings = measured.length === 0 ? undefined : await readingsOf(store, measured);
      yield some.map((row) => sessionOf(row, readings?.get(row.id) ?? [], window));
    }
  }
}
