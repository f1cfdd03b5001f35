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
import type { Store } from "../store.ts";
import { StoreError } from "../store-error.ts";
import type { CommonStoreOptions, PostgresOptions } from "../store-options.ts";
import type { Tables } from "../tables.ts";
import { createWriteQueue } from "../write-queue.ts";
import { createPool, kyselyPool } from "./connections.ts";
import { createLane } from "./lane.ts";

/** How many transactions write at once. */
const lanes = 1;
/** What transactions that are to be alone lock, so that they are alone among processes, too. */
const transactionLock = 0x0c_99;

/** Opens a PostgreSQL database; see `openStore`. */
export async function openPostgres(options: CommonStoreOptions & PostgresOptions): Promise<Store> {
  const { clock = systemClock, node = 0, report = () => {}, committed } = options;
  const readers = createPool(options, options.poolSize ?? 8);
  const writers = createPool(options, lanes + 2);
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(readers) }) });
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(writers) }) });
  const destroy = async (): Promise<void> => {
    // Kysely ends the pools only where it has used them.
    for (const db of [reader, writer]) await db.destroy();
    for (const pool of [readers, writers]) if (!pool.ending) await pool.end();
  };
  try {
    await migrate(writer);
    const nextId = createIdSource(clock, node, await highestId(reader));
    const queue = createWriteQueue({ commit: createLane(writers), lanes, clock, report, committed });
    let closing: Promise<void> | undefined;
    const store: Store = {
      kind: "postgres",
      reader,
      write: (...writes) => queue.write(writes),
      append: (write) => queue.append(write),
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
        // In the queue as well, since writes may be held up where reads are not.
        await Promise.all([sql`select 1`.execute(reader), queue.write([{ sql: "select 1", parameters: [] }])]);
      },
      backup: (file) =>
        writeNewFile(file, async (part) => {
          const lines = Readable.from(exportLines(store));
          await pipeline(lines, createGzip(), createWriteStream(part, { mode: 0o600 }));
        }),
      close: () => {
        closing ??= queue.close().then(destroy);
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
