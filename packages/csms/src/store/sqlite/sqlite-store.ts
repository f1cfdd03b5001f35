import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@ocpp/core";
import { Kysely } from "kysely";
import { raiseCounter } from "../counter.ts";
import { endsWithin } from "../ends-within.ts";
import { highestId } from "../highest-id.ts";
import { createIdSource } from "../id-source.ts";
import { createNumberSource } from "../number-source.ts";
import { prepareWrite } from "../prepared.ts";
import { migrate } from "../schema.ts";
import type { Store, StoreClosure } from "../store.ts";
import { type CommonStoreOptions, defaultTimeout, type SqliteOptions } from "../store-options.ts";
import type { Tables } from "../tables/tables.ts";
import { createWritability, probeWrite } from "../writability.ts";
import { createWriteQueue, type Outcome, type Unit } from "../write-queue.ts";
import { backupSqlite } from "./backup-sqlite.ts";
import { createBatchEncoder, decodeOutcomes } from "./batch-encoder.ts";
import { createBusyWait } from "./busy-wait.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { createPrivateFile, lockFile } from "./file-lock.ts";
import { refuseForeignFile } from "./foreign-file.ts";
import { openLastingThread } from "./lasting-thread.ts";
import { threadDialect } from "./sqlite-dialect.ts";
import type { ThreadClient } from "./thread-client.ts";

/** A place for a database that goes away with its store. */
function temporaryFile(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-csms-"));
  return { file: join(folder, "csms.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * How many milliseconds of a close are for the threads: where another process holds the file, a call and the end of the
 * connection wait for it for a quarter of a second each.
 */
const threadTime = 600;

/** Milliseconds from one commit to the next while there are several writers: about what a commit of many writes takes. */
const spacing = 5;

/** Opens a SQLite file; see `openStore`. */
export async function openSqlite(options: CommonStoreOptions & SqliteOptions): Promise<Store> {
  const { clock = systemClock, node = 0, timeout = defaultTimeout, report = () => {}, committed } = options;
  const temporary = options.file === ":memory:" ? temporaryFile() : undefined;
  const path = temporary?.file ?? options.file;
  refuseForeignFile(path);
  const lock = lockFile(path);
  const free = createBusyWait(clock, timeout);
  const threads: ThreadClient[] = [];
  /** Ends the threads and lets go of the file, and says whether all of that was done within the time. */
  const end = async (within?: number): Promise<boolean> => {
    const ended = await Promise.all(threads.map((thread) => thread.close(within)));
    // A thread that is still in a call may yet write: the file is handed to no other store.
    if (ended.includes(false)) return false;
    lock.release();
    temporary?.remove();
    return true;
  };
  const openThread = async (readOnly: boolean): Promise<ThreadClient> => {
    const synchronous = temporary === undefined ? "FULL" : "OFF";
    const thread = await free(() => openLastingThread({ file: lock.file, readOnly, synchronous }, clock, report));
    threads.push(thread);
    return thread;
  };
  try {
    createPrivateFile(lock.file);
    const writer = await openThread(false);
    const writerDb = new Kysely<Tables>({ dialect: threadDialect(writer, { snapshots: false, free }) });
    await migrate(writerDb, "sqlite");
    const readerThread = await openThread(true);
    const reader = new Kysely<Tables>({ dialect: threadDialect(readerThread, { snapshots: true, free }) });
    const nextId = createIdSource(clock, node, await highestId(reader));

    const encode = createBatchEncoder();
    const writability = createWritability(clock, () => queue.write([probeWrite]));
    const commit = async (units: readonly Unit[]): Promise<readonly Outcome[]> => {
      const answer = await free(() => writer.batch((thread) => encode(units, thread)));
      checkpoints.committed(answer.counts.length);
      return decodeOutcomes(units, answer);
    };
    const queue = createWriteQueue({
      commit: (units) => writability.watch(() => commit(units)),
      lanes: 1,
      timeout,
      clock,
      spacing: { milliseconds: spacing, clock: systemClock },
      report,
      committed,
    });
    const checkpoints = createCheckpoints({
      openThread: () => openThread(false),
      reader: readerThread,
      writer,
      alone: (work) => queue.alone(work),
      clock,
      report,
    });

    let closing: Promise<StoreClosure> | undefined;
    const close = async (within: number | undefined): Promise<StoreClosure> => {
      const start = clock.now();
      const part = within === undefined ? undefined : Math.max(0, Math.min(within * 0.8, within - threadTime));
      const [lost] = await Promise.all([queue.close(part), endsWithin(clock, checkpoints.close(), part)]);
      const ended = await end(within === undefined ? undefined : within - (clock.now() - start));
      return { lost, stuck: !ended };
    };
    return {
      kind: "sqlite",
      reader,
      write: (...writes) => queue.write(writes),
      append: (write, { later } = {}) => queue.append(write, later),
      get lost() {
        return queue.lost;
      },
      prepare: (build) => prepareWrite(reader, build),
      transaction: (work) => queue.alone(() => writerDb.transaction().execute(work)),
      nextId,
      nextNumber: createNumberSource((counter, by) =>
        queue.alone(() => free(() => raiseCounter(writerDb, counter, by))),
      ),
      check: async () => {
        await Promise.all([readerThread.query(0, "select 1", []), writability.check()]);
      },
      backup: (target) => backupSqlite(lock.file, target),
      close: (within) => {
        closing ??= close(within);
        return closing;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
