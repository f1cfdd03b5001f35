import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@ocpp/core";
import { Kysely } from "kysely";
import { raiseCounter } from "../counter.ts";
import { highestId } from "../highest-id.ts";
import { createIdSource } from "../id-source.ts";
import { createNumberSource } from "../number-source.ts";
import { prepareWrite } from "../prepared.ts";
import { migrate } from "../schema.ts";
import type { Store } from "../store.ts";
import type { CommonStoreOptions, SqliteOptions } from "../store-options.ts";
import type { Tables } from "../tables.ts";
import { createWriteQueue } from "../write-queue.ts";
import { backupSqlite } from "./backup-sqlite.ts";
import { createBatchEncoder, decodeOutcomes } from "./batch-encoder.ts";
import { createPrivateFile, lockFile } from "./file-lock.ts";
import { threadDialect } from "./sqlite-dialect.ts";
import { openThread } from "./thread-client.ts";

/** A place for a database that goes away with its store. */
function temporaryFile(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-csms-"));
  return { file: join(folder, "csms.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a SQLite file; see `openStore`. */
export async function openSqlite(options: CommonStoreOptions & SqliteOptions): Promise<Store> {
  const { clock = systemClock, node = 0, report = () => {}, committed } = options;
  const temporary = options.file === ":memory:" ? temporaryFile() : undefined;
  const lock = lockFile(temporary?.file ?? options.file);
  const ending: (() => unknown)[] = [() => temporary?.remove(), () => lock.release()];
  const end = async (): Promise<void> => {
    for (let step = ending.pop(); step !== undefined; step = ending.pop()) await step();
  };
  try {
    const { file } = lock;
    createPrivateFile(file);
    const synchronous = temporary === undefined ? "FULL" : "OFF";
    const writer = await openThread({ file, readOnly: false, synchronous });
    ending.push(() => writer.close());
    const writerDb = new Kysely<Tables>({ dialect: threadDialect(writer, { snapshots: false }) });
    await migrate(writerDb);
    const readerThread = await openThread({ file, readOnly: true, synchronous });
    ending.push(() => readerThread.close());
    const reader = new Kysely<Tables>({ dialect: threadDialect(readerThread, { snapshots: true }) });
    const nextId = createIdSource(clock, node, await highestId(reader));

    const encode = createBatchEncoder();
    const queue = createWriteQueue({
      commit: async (units) => decodeOutcomes(units, await writer.batch(encode(units))),
      lanes: 1,
      clock,
      report,
      committed,
    });
    ending.push(() => queue.close());

    let closing: Promise<void> | undefined;
    return {
      kind: "sqlite",
      reader,
      write: (...writes) => queue.write(writes),
      append: (write) => queue.append(write),
      prepare: (build) => prepareWrite(reader, build),
      transaction: (work) => queue.alone(() => writerDb.transaction().execute(work)),
      nextId,
      nextNumber: createNumberSource((counter, by) => queue.alone(() => raiseCounter(writerDb, counter, by))),
      check: async () => {
        await Promise.all([readerThread.query(0, "select 1", []), writer.query(0, "select 1", [])]);
      },
      backup: (target) => backupSqlite(file, target),
      close: () => {
        closing ??= end();
        return closing;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
