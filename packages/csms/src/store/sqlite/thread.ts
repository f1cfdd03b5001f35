/*
 * The program of a database thread. libsql works synchronously, so the writer and the reader each have a thread of their
 * own. This file imports nothing that would have to be resolved from source at run time.
 */
import { parentPort, workerData } from "node:worker_threads";
import Database from "libsql";
import type {
  BatchAnswer,
  BatchRequest,
  QueryAnswer,
  QueryRequest,
  ThreadAnswer,
  ThreadFailure,
  ThreadRequest,
  ThreadSetup,
} from "./thread-messages.ts";

interface Info {
  readonly changes: number;
}

interface Statement {
  readonly reader: boolean;
  run(parameters: readonly unknown[]): Info;
  all(parameters: readonly unknown[]): readonly unknown[][];
  raw(on: boolean): unknown;
  columns(): readonly { readonly name: string }[];
}

interface Connection {
  readonly inTransaction: boolean;
  prepare(sql: string): unknown;
  exec(sql: string): unknown;
  pragma(source: string): unknown;
  close(): unknown;
}

interface CachedQuery {
  readonly statement: Statement;
  /** The names of its columns; undefined where it returns no rows. */
  readonly columns: readonly string[] | undefined;
}

const setup = workerData as ThreadSetup;
/**
 * How many milliseconds a call waits for a file that another process holds. A thread that waits cannot be told anything, so
 * it is short; `busy-wait.ts` asks again.
 */
const busyTimeout = 250;
/** How many compiled queries are kept. */
const cacheSize = 500;

function failureOf(error: unknown): ThreadFailure {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return { code: typeof code === "string" ? code : "", message: String(message) };
}

function connect(): Connection {
  const connection: Connection = new Database(setup.file, { timeout: busyTimeout });
  if (setup.readOnly) connection.pragma("query_only = ON");
  else {
    connection.pragma("journal_mode = WAL");
    connection.pragma(`synchronous = ${setup.synchronous}`);
    // Checkpoints are made beside the commits, see checkpoints.ts; a commit makes one only where that falls far behind.
    connection.pragma("wal_autocheckpoint = 4000");
    // A log that was longer is cut to 20 MB when it begins anew. What it reaches under load is less: a file that is cut and
    // grows again at each checkpoint makes commits a quarter more expensive.
    connection.pragma("journal_size_limit = 20971520");
  }
  connection.pragma("cache_size = -65536");
  connection.pragma("temp_store = MEMORY");
  // As PostgreSQL compares.
  connection.pragma("case_sensitive_like = ON");
  return connection;
}

const main = connect();
const snapshots = new Map<number, Connection>();
const caches = new Map<Connection, Map<string, CachedQuery>>();
const statements: Statement[] = [];
const arities: number[] = [];

function rollBack(): void {
  try {
    // After some failures SQLite has rolled back by itself.
    if (main.inTransaction) main.exec("rollback");
  } catch {
    // What is left of the transaction ends with the next one's failure to begin, which is told.
  }
}

/** Takes the parameters out of a batch, one after the other. */
interface ParameterReader {
  /** The next so many. */
  take(count: number): unknown[];
  skip(count: number): void;
}

function readParameters({ shapes, text, numbers, bigints }: BatchRequest): ParameterReader {
  let at = 0;
  let character = 0;
  let number = 0;
  let bigint = 0;
  const next = (): unknown => {
    const shape = shapes[at] as number;
    at += 1;
    if (shape >= 0) {
      character += shape;
      return text.slice(character - shape, character);
    }
    if (shape === -1) return numbers[number++];
    return shape === -3 ? bigints[bigint++] : null;
  };
  return {
    take: (count) => {
      const values: unknown[] = [];
      for (let index = 0; index < count; index += 1) values.push(next());
      return values;
    },
    skip: (count) => {
      for (let index = 0; index < count; index += 1) next();
    },
  };
}

/** Runs a statement with its parameters, which come next; answers how many rows it changed. */
function runStatement(number: number, parameters: ParameterReader): number {
  return (statements[number] as Statement).run(parameters.take(arities[number] as number)).changes;
}

/** Runs a batch in which nothing is expected to be refused. */
function runTogether(batch: BatchRequest): BatchAnswer {
  const counts: number[] = [];
  const parameters = readParameters(batch);
  main.exec("begin immediate");
  for (let at = 0; at < batch.plan.length; ) {
    const end = at + 1 + (batch.plan[at] as number);
    for (at += 1; at < end; at += 1) counts.push(runStatement(batch.plan[at] as number, parameters));
  }
  main.exec("commit");
  return { counts, refused: undefined };
}

/** Whether a failure is the fault of a statement, so that others may still be persisted. */
function isRefusal({ code }: ThreadFailure): boolean {
  return /^SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|TOOBIG|RANGE|MISUSE|AUTH)/.test(code) || !code.startsWith("SQLITE");
}

/** Runs a batch again, each unit so that it can be undone alone. */
function runApart(batch: BatchRequest): BatchAnswer {
  const counts: number[] = [];
  const refused = new Map<number, ThreadFailure>();
  const parameters = readParameters(batch);
  let unit = 0;
  main.exec("begin immediate");
  for (let at = 0; at < batch.plan.length; at += 1 + (batch.plan[at] as number)) {
    main.exec("savepoint unit");
    const count = batch.plan[at] as number;
    const numbers = batch.plan.subarray(at + 1, at + 1 + count);
    const before = counts.length;
    let taken = 0;
    try {
      for (const number of numbers) {
        taken += 1;
        counts.push(runStatement(number, parameters));
      }
    } catch (error) {
      const failure = failureOf(error);
      if (!isRefusal(failure)) throw error;
      main.exec("rollback to unit");
      refused.set(unit, failure);
      counts.length = before;
      for (let index = 0; index < count; index += 1) counts.push(0);
      for (const number of numbers.subarray(taken)) parameters.skip(arities[number] as number);
    }
    main.exec("release unit");
    unit += 1;
  }
  main.exec("commit");
  return { counts, refused };
}

function runBatch(batch: BatchRequest): BatchAnswer {
  if (batch.reset) {
    statements.length = 0;
    arities.length = 0;
  }
  arities.push(...batch.arities);
  for (const sql of batch.statements) statements.push(prepareBroken(sql));
  try {
    return runTogether(batch);
  } catch (error) {
    rollBack();
    if (!isRefusal(failureOf(error))) throw error;
  }
  try {
    return runApart(batch);
  } catch (error) {
    rollBack();
    throw error;
  }
}

/** A statement that cannot be compiled fails when it is run, so that it fails only the unit that it is in. */
function prepareBroken(sql: string): Statement {
  try {
    return main.prepare(sql) as Statement;
  } catch (error) {
    const fail = (): never => {
      throw error;
    };
    return { reader: false, run: fail, all: fail, raw: fail, columns: fail };
  }
}

function prepared(connection: Connection, sql: string): CachedQuery {
  const cache = caches.get(connection) ?? new Map<string, CachedQuery>();
  caches.set(connection, cache);
  const known = cache.get(sql);
  if (known !== undefined) return known;
  if (cache.size >= cacheSize) cache.clear();
  const statement = connection.prepare(sql) as Statement;
  let columns: readonly string[] | undefined;
  if (statement.reader) {
    statement.raw(true);
    columns = statement.columns().map(({ name }) => name);
  }
  const made: CachedQuery = { statement, columns };
  cache.set(sql, made);
  return made;
}

function runQuery({ connection: number, sql, parameters }: QueryRequest): QueryAnswer {
  const connection = number === 0 ? main : snapshots.get(number);
  if (connection === undefined) throw new Error("This snapshot has ended");
  const { statement, columns } = prepared(connection, sql);
  if (columns === undefined) return { columns: [], values: [], changes: statement.run(parameters).changes };
  const values = statement.all(parameters).flat();
  return { columns, values, changes: undefined };
}

function endSnapshot(number: number): void {
  const connection = snapshots.get(number);
  if (connection === undefined) return;
  snapshots.delete(number);
  caches.delete(connection);
  connection.exec("rollback");
  connection.close();
}

function run(request: ThreadRequest): BatchAnswer | QueryAnswer | undefined {
  if (request.kind === "batch") return runBatch(request);
  if (request.kind === "query") return runQuery(request);
  if (request.kind === "begin") {
    const connection = connect();
    snapshots.set(request.connection, connection);
    connection.exec("begin");
  } else if (request.kind === "end") {
    endSnapshot(request.connection);
  } else {
    for (const number of snapshots.keys()) endSnapshot(number);
    caches.clear();
    statements.length = 0;
    main.close();
  }
  return undefined;
}

function answer(value: ThreadAnswer): void {
  parentPort?.postMessage(value, []);
}

parentPort?.on("message", (request: ThreadRequest) => {
  try {
    answer({ ok: true, value: run(request) });
  } catch (error) {
    answer({ ok: false, failure: failureOf(error) });
  }
  if (request.kind === "close") parentPort?.close();
});
answer({ ok: true, value: undefined });
