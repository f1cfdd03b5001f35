import { sql } from "kysely";
import { createKeyedQueue } from "../../shared/keyed-queue.ts";
import { idAt } from "../../store/id-source.ts";
import { measuredCounter } from "../../store/log-measure.ts";
import { textBytes } from "../../store/long-texts.ts";
import type { Store, Write, WriteQuery } from "../../store/store.ts";
import type { LogSizeRow } from "../../store/tables/observability.ts";

/** Knows how much a log holds of each station, and deletes what is too old or too much. */
export interface LogSize {
  /** Notes a row that is on its way to the store, by the bytes of its text. Costs next to nothing; called in the order of ids. */
  readonly note: (stationId: string | null, id: number, bytes: number) => void;
  /** Stores what was noted, and counts some of what was not: rows of an earlier process, or since writes were lost. */
  readonly settle: (signal?: AbortSignal) => Promise<void>;
  /**
   * Deletes the oldest rows of the stations that hold the most, until the log holds no more than `most` bytes: what a station
   * holds below its share is never touched for others. Returns how many rows were deleted.
   */
  readonly shrink: (most: number, signal?: AbortSignal) => Promise<number>;
  /** Deletes the rows from before a time, in milliseconds since 1970. Returns how many were deleted. */
  readonly deleteOlder: (before: number, signal?: AbortSignal) => Promise<number>;
}

/** What a row takes besides its text: its other columns and its entries in indexes. */
const rowBytes = 256;

/** How many rows are counted with one query, and with one call. */
const countedAtOnce = 5_000;
const countedPerCall = 200_000;

/** How much one commit deletes at most, so that no writer waits for long. */
const deletedRows = 500;
const deletedBytes = 4_194_304;

/** How far below its limit a log is cut back, so that it is not done anew at every call. */
const slack = 0.05;

/**
 * The share of each of several holders of a limited whole: who holds less keeps it all, and what is left is shared alike by
 * the others. Infinity where all fits.
 */
export function fairShare(sizes: readonly number[], whole: number): number {
  const ascending = [...sizes].sort((one, other) => one - other);
  let left = whole;
  for (const [index, size] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (size > share) return Math.max(0, share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** What was noted and is not stored yet. */
interface Notes {
  readonly bytes: Map<string, number>;
  last: number;
}

/**
 * Makes what measures a log. Sizes are kept in `log_sizes`, up to the row that the counter `<log>-measured` names; what comes
 * after it is noted in memory, and counted from the rows after a crash. One process at a time measures a database.
 */
export function createLogSize(store: Store, log: LogSizeRow["log"]): LogSize {
  const table = sql.table(log);
  const { reader } = store;
  const counter = measuredCounter(log);
  /** Rows before this one are of an earlier process. */
  const beginning = store.nextId();
  const turns = createKeyedQueue();
  let notes: Notes = { bytes: new Map(), last: 0 };
  let measured: number | undefined;
  let lost = store.lost;

  const bytesOf = sql<number>`${textBytes(log)} + ${sql.lit(rowBytes)}`;
  const addition = store.prepare<LogSizeRow>((db, row) =>
    db
      .insertInto("log_sizes")
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(["log", "station_id"]).doUpdateSet({ bytes: sql`log_sizes.bytes + excluded.bytes` }),
      ),
  );
  const mark = store.prepare<{ name: string; value: number }>((db, row) =>
    db
      .insertInto("counters")
      .values(row)
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: sql`excluded.value` })),
  );

  const readMark = async (): Promise<number> => {
    const row = await reader.selectFrom("counters").select("value").where("name", "=", counter).executeTakeFirst();
    return row?.value ?? 0;
  };

  const add = async (sizes: Iterable<readonly [string, number]>, upTo: number): Promise<void> => {
    const writes: Write[] = Array.from(sizes, ([station_id, bytes]) => addition({ log, station_id, bytes }));
    await store.write(...writes, mark({ name: counter, value: upTo }));
    measured = upTo;
  };

  /** Counts rows after the mark, up to an id and at most so many; returns whether that was all of them. */
  const count = async (upTo: number, signal: AbortSignal | undefined): Promise<boolean> => {
    for (let counted = 0; counted < countedPerCall; counted += countedAtOnce) {
      if (signal?.aborted) return false;
      const { rows } = await sql<{ station_id: string; bytes: number; last: number; count: number }>`
        select coalesce(station_id, '') as station_id, sum(bytes) as bytes, max(id) as last, count(*) as count from (
          select id, station_id, ${bytesOf} as bytes from ${table}
          where id > ${measured ?? 0} and id <= ${upTo} order by id limit ${sql.lit(countedAtOnce)}
        ) as rows group by station_id`.execute(reader);
      const total = rows.reduce((sum, row) => sum + row.count, 0);
      const all = total < countedAtOnce;
      await add(
        rows.map((row) => [row.station_id, row.bytes] as const),
        all ? upTo : Math.max(...rows.map(({ last }) => last)),
      );
      if (all) return true;
    }
    return false;
  };

  const settle = async (signal: AbortSignal | undefined): Promise<void> => {
    measured ??= await readMark();
    if (measured < beginning && !(await count(beginning, signal))) return;
    const noted = notes;
    if (noted.last <= measured) return;
    notes = { bytes: new Map(), last: 0 };
    // Comes after all that was appended, so that it is known whether any of it was lost.
    await store.transaction(() => Promise.resolve());
    const sound = store.lost === lost;
    lost = store.lost;
    if (sound) await add(noted.bytes, noted.last);
    else await count(noted.last, signal);
  };

  const reduction = (stationId: string, bytes: number): WriteQuery[] => {
    const own = <T extends { where(column: "log" | "station_id", operator: "=", value: string): T }>(query: T): T =>
      query.where("log", "=", log).where("station_id", "=", stationId);
    return [
      own(reader.updateTable("log_sizes").set({ bytes: sql<number>`bytes - ${bytes}` })),
      own(reader.deleteFrom("log_sizes").where("bytes", "<=", 0)),
    ];
  };

  /** Deletes the oldest rows of a station, so many bytes of them and one row more at most. */
  const cutBack = async (stationId: string, excess: number, signal: AbortSignal | undefined): Promise<number> => {
    const ofStation = stationId === "" ? sql`station_id is null` : sql`station_id = ${stationId}`;
    let deleted = 0;
    for (let left = excess; left > 0; ) {
      if (signal?.aborted) break;
      const { rows } = await sql<{ id: number; bytes: number }>`
        select id, ${bytesOf} as bytes from ${table} where ${ofStation} and id <= ${measured ?? 0}
        order by id limit ${sql.lit(deletedRows)}`.execute(reader);
      let bytes = 0;
      let last = 0;
      let going = 0;
      for (const row of rows) {
        if (bytes >= Math.min(left, deletedBytes)) break;
        bytes += row.bytes;
        last = row.id;
        going += 1;
      }
      // Where there is nothing left, what is said of it is wrong.
      if (going === 0) {
        await store.write(...reduction(stationId, Number.MAX_SAFE_INTEGER));
        break;
      }
      await store.write(
        sql`delete from ${table} where ${ofStation} and id <= ${last}`.compile(reader),
        ...reduction(stationId, bytes),
      );
      deleted += going;
      left -= bytes;
    }
    return deleted;
  };

  const shrink = async (most: number, signal: AbortSignal | undefined): Promise<number> => {
    measured ??= await readMark();
    const sizes = await reader.selectFrom("log_sizes").select(["station_id", "bytes"]).where("log", "=", log).execute();
    if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) <= most) return 0;
    const share = fairShare(
      sizes.map(({ bytes }) => bytes),
      most * (1 - slack),
    );
    let deleted = 0;
    for (const { station_id, bytes } of sizes) {
      if (bytes > share) deleted += await cutBack(station_id, bytes - share, signal);
    }
    return deleted;
  };

  const deleteOlder = async (before: number, signal: AbortSignal | undefined): Promise<number> => {
    let deleted = 0;
    for (;;) {
      if (signal?.aborted) break;
      const { rows } = await sql<{ station_id: string; bytes: number; last: number; count: number }>`
        select coalesce(station_id, '') as station_id, max(id) as last, count(*) as count,
          sum(case when id <= ${measured ?? 0} then bytes else 0 end) as bytes from (
          select id, station_id, ${bytesOf} as bytes from ${table}
          where id < ${idAt(before)} and at < ${before} order by id limit ${sql.lit(deletedRows)}
        ) as rows group by station_id`.execute(reader);
      if (rows.length === 0) break;
      const last = Math.max(...rows.map((row) => row.last));
      await store.write(
        sql`delete from ${table} where id <= ${last} and at < ${before}`.compile(reader),
        ...rows.flatMap((row) => reduction(row.station_id, row.bytes)),
      );
      deleted += rows.reduce((sum, row) => sum + row.count, 0);
    }
    return deleted;
  };

  return {
    note: (stationId, id, bytes) => {
      const key = stationId ?? "";
      notes.bytes.set(key, (notes.bytes.get(key) ?? 0) + bytes + rowBytes);
      notes.last = id;
    },
    settle: (signal) => turns.run(log, () => settle(signal)),
    shrink: (most, signal) => turns.run(log, () => shrink(most, signal)),
    deleteOlder: (before, signal) =>
      turns.run(log, async () => {
        measured ??= await readMark();
        return deleteOlder(before, signal);
      }),
  };
}
