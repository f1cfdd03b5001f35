import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { systemClock } from "@ocpp/core";
import { Kysely, PostgresDialect, sql } from "kysely";
import { raiseCounter } from "../counter.ts";
import { exportLines } from "../export-lines.ts";
import { highestId } from "../highest-id.ts";
import { createIdSource } from "../id-source.ts";
import { writeNewFile } from "../new-file.ts";
import { createNumberSource } from "../number-source.ts";
import { prepareWrite } from "../prepared.ts";
import { migrate } from "../schema.ts";
import type { Store, StoreClosure } from "../store.ts";
import { StoreError } from "../store-error.ts";
import { type CommonStoreOptions, defaultTimeout, type PostgresOptions } from "../store-options.ts";
import type { Tables } from "../tables/tables.ts";
import { createWritability, probeWrite } from "../writability.ts";
import { createWriteQueue } from "../write-queue.ts";
import { kyselyPool, openConnections } from "./connections.ts";
import { createLane } from "./lane.ts";
import { createSilenceWatch } from "./silence.ts";

/** How many transactions write at once. */
const lanes = 1;
/** What transactions that are to be alone lock, so that they are alone among processes, too. */
const transactionLock = 0x0c_99;

/** Opens a PostgreSQL database; see `openStore`. */
export async function openPostgres(options: CommonStoreOptions & PostgresOptions): Promise<Store> {
  const { clock = systemClock, node = 0, timeout = defaultTimeout, report = () => {}, committed } = options;
  const readers = openConnections(options, { size: options.poolSize ?? 8, connect: timeout });
  const writers = openConnections(options, { size: 2, connect: timeout });
  // The server gives up first where it can, since it says why, and nothing is left under way then.
  const committers = openConnections(options, { size: lanes, connect: timeout, statement: Math.ceil(timeout * 0.9) });
  const monitors = openConnections(options, { size: 1, connect: timeout / 4, answer: timeout / 4 });
  const silence = createSilenceWatch(monitors.pool, clock, timeout);
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(readers.pool, silence) }) });
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(writers.pool, silence) }) });
  // Kysely would end the pools only where it has used them.
  const destroy = async (within?: number): Promise<void> => {
    await Promise.all([readers, writers, committers, monitors].map((one) => one.end(clock, within)));
  };
  try {
    await migrate(writer, "postgres");
    const nextId = createIdSource(clock, node, await highestId(reader));
    const commit = createLane(committers.pool, timeout, report);
    const writability = createWritability(clock, () => queue.write([probeWrite]));
    const queue = createWriteQueue({
      commit: (units) => writability.watch(() => commit(units)),
      lanes,
      timeout,
      clock,
      report,
      committed,
    });
    // So that the first write finds a connection.
    await queue.write([{ sql: "select 1", parameters: [] }]);
    let closing: Promise<StoreClosure> | undefined;
    const close = async (within: number | undefined): Promise<StoreClosure> => {
      const start = clock.now();
      // A part of the time is for the connections.
      const lost = await queue.close(within === undefined ? undefined : within * 0.8);
      await destroy(within === undefined ? undefined : within - (clock.now() - start));
      return { lost, stuck: false };
    };
    const store: Store = {
      kind: "postgres",
      reader,
      write: (...writes) => queue.write(writes),
      append: (write, { later } = {}) => queue.append(write, later),
      get lost() {
        return queue.lost;
      },
      prepare: (build) => prepareWrite(reader, build),
      transaction: (work) =>
        queue.alone(() =>
          writer.transaction().execute(async (db) => {
            await sql`select pg_advisory_xact_lock(${transactionLock})`.execute(db);
            return work(db);
          }),
        ),
      nextId,
      nextNumber: createNumberSource((counter, by) => raiseCounter(writer, counter, by)),
      check: async () => {
        if (closing !== undefined) throw new StoreError("closed", "The store is closed");
        await Promise.all([sql`select 1`.execute(reader), writability.check()]);
      },
      backup: (file) =>
        writeNewFile(file, async (part) => {
          const lines = Readable.from(exportLines(store));
          await pipeline(lines, createGzip(), createWriteStream(part, { mode: 0o600 }));
        }),
      close: (within) => {
        closing ??= close(within);
        return closing;
      },
    };
    return store;
  } catch (error) {
    await destroy();
    throw error instanceof StoreError
      ? error
      : new StoreError("failed", "The store could not be opened", { cause: error });
  }
}
