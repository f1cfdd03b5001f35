import { sql } from "kysely";
import { type ExportEnd, type ExportHeader, exportFormat } from "./export-lines.ts";
import { forgetMeasures } from "./log-measure.ts";
import { migrationNames } from "./schema.ts";
import type { Store, Write } from "./store.ts";
import { StoreError } from "./store-error.ts";
import { type Tables, tableNames } from "./tables/tables.ts";

/** How an import is done, and who is notified of the progress. */
export interface ImportOptions {
  /** Lets what is there be, and adds what is not: where a row has the key of another, the one that is there stays. */
  readonly merge?: boolean | undefined;
  /** Called after each commit with how many rows were read. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** What an import did. */
export interface ImportResult {
  /** How many rows were read. */
  readonly rows: number;
  /** How many of them were added; the others were there. */
  readonly added: number;
}

/** How many rows share a write, and how many characters their texts have together, one row aside. */
const batchSize = 500;
const batchLength = 4_194_304;

type Row = Readonly<Record<string, unknown>>;
type Columns = ReadonlyMap<string, ReadonlySet<string>>;

function fault(line: number, what: string, cause?: unknown): StoreError {
  return new StoreError("failed", `Line ${line} of the import ${what}`, { cause });
}

function parse(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault(line, "is not JSON", cause);
  }
}

function checkHeader(value: unknown): void {
  const header = value as Partial<ExportHeader> | null;
  if (header?.product !== "ocpp-csms") throw fault(1, "is not the header of an export of this CSMS");
  if (header.format !== exportFormat) throw fault(1, `names format ${header.format}, ${exportFormat} was expected`);
  if (header.schema === undefined || !migrationNames.includes(header.schema)) {
    throw fault(1, "names tables of a newer version: import it with that version");
  }
}

async function readColumns(store: Store): Promise<Columns> {
  const tables = await store.reader.introspection.getTables();
  return new Map(tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]));
}

async function checkEmpty(store: Store): Promise<void> {
  for (const table of tableNames) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(store.reader);
    if (rows.length > 0) {
      throw new StoreError(
        "failed",
        `The database is not empty (${table}): import into an empty one, or say that it is to be merged`,
      );
    }
  }
}

/** The row of a line, checked against the tables. */
function rowOf(line: number, value: unknown, known: Columns): readonly [keyof Tables, Row] {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== "string") throw fault(line, "is not a row");
  const [table, row] = value as [string, unknown];
  const columns = known.get(table);
  if (columns === undefined || !tableNames.includes(table as keyof Tables)) throw fault(line, "names an unknown table");
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw fault(line, "is not a row");
  for (const [name, cell] of Object.entries(row)) {
    if (!columns.has(name)) throw fault(line, `names an unknown column of ${table}`);
    if (cell !== null && typeof cell !== "string" && typeof cell !== "number") {
      throw fault(line, `has a value in ${table}.${name} that is neither text nor number`);
    }
  }
  return [table as keyof Tables, row as Row];
}

/** Makes what turns the rows of a table into writes. */
function insertInto(store: Store, table: keyof Tables, merge: boolean): (row: Row) => Write {
  return store.prepare<Row>((db, row) => {
    const insert = db.insertInto(table).values(row as never);
    if (!merge) return insert;
    // A counter must stay above all that was given out on either side.
    if (table === "counters") {
      return insert.onConflict((conflict) =>
        conflict
          .column("name" as never)
          .doUpdateSet({ value: sql`excluded.value` } as never)
          .where(sql<boolean>`excluded.value > counters.value`),
      );
    }
    return insert.onConflict((conflict) => conflict.doNothing());
  });
}

/**
 * Reads what `exportLines` wrote, from either database into either. It refuses a database that is not empty unless it is
 * told to merge. Rejects with a StoreError that names the line where one is wrong; rows of earlier commits stay then, so
 * start again with an empty database. Open the store anew afterwards: new ids are made above those that are there when it
 * is opened.
 */
export async function importLines(
  store: Store,
  lines: AsyncIterable<string> | Iterable<string>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { merge = false, onProgress } = options;
  if (!merge) await checkEmpty(store);
  const columns = await readColumns(store);
  const inserts = new Map<keyof Tables, (row: Row) => Write>();
  let batch: { readonly line: number; readonly write: Write }[] = [];
  let batched = 0;
  let line = 0;
  let rows = 0;
  let added = 0;
  let end: Partial<ExportEnd> | undefined;

  const flush = async (): Promise<void> => {
    const own = batch;
    batch = [];
    batched = 0;
    if (own.length === 0) return;
    const place = (error: unknown): StoreError => {
      if (!(error instanceof StoreError) || (error.code !== "constraint" && error.code !== "failed")) throw error;
      return fault(own[0]?.line ?? line, "or one of those behind it is refused by the database", error);
    };
    const counts = await store.write(...own.map(({ write }) => write)).catch((error: unknown) => {
      throw place(error);
    });
    for (const count of counts) added += count;
    onProgress?.(rows);
  };

  for await (const text of lines) {
    line += 1;
    if (text.trim() === "") continue;
    const value = parse(line, text);
    if (line === 1) {
      checkHeader(value);
      continue;
    }
    if (end !== undefined) throw fault(line, "comes after the end");
    if (!Array.isArray(value)) {
      end = value as Partial<ExportEnd>;
      if (end?.end !== true) throw fault(line, "is neither a row nor the end");
      continue;
    }
    const [table, row] = rowOf(line, value, columns);
    const insert = inserts.get(table) ?? insertInto(store, table, merge);
    inserts.set(table, insert);
    batch.push({ line, write: insert(row) });
    batched += text.length;
    rows += 1;
    if (batch.length >= batchSize || batched >= batchLength) await flush();
  }
  await flush();
  // Rows that came in here were not measured, and those that were may be of another database.
  await store.write(...forgetMeasures(store));
  if (end === undefined) throw new StoreError("failed", "The import breaks off before its end: the file is not whole");
  if (end.rows !== rows) throw new StoreError("failed", `The import has ${rows} rows, its end counts ${end.rows}`);
  return { rows, added };
}
