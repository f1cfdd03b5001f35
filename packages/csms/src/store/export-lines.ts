import { type Kysely, type RawBuilder, sql } from "kysely";
import { firstWithin } from "./first-within.ts";
import { textBytes } from "./long-texts.ts";
import { migrationNames } from "./schema.ts";
import type { Store } from "./store.ts";
import { type Tables, tableDescriptions, tableNames } from "./tables/tables.ts";

/** The format that is written; what reads it refuses others. */
export const exportFormat = 1;

/** The first line. */
export interface ExportHeader {
  readonly format: number;
  /** Says whose file it is. */
  readonly product: "ocpp-csms";
  /** The newest migration of the database it came from. */
  readonly schema: string;
  readonly tables: readonly string[];
}

/** The last line; a file without it is not whole. */
export interface ExportEnd {
  readonly end: true;
  readonly rows: number;
}

/** What is exported, and who is notified of the progress. */
export interface ExportOptions {
  /** All tables unless given. */
  readonly tables?: readonly (keyof Tables)[] | undefined;
  /** Called after each page with how many rows of a table are out. */
  readonly onProgress?: ((table: keyof Tables, rows: number) => void) | undefined;
}

/** How many rows are read at once, and how many bytes of long texts, one row aside. */
const pageSize = 1_000;
const pageBytes = 4_194_304;

type Row = Readonly<Record<string, unknown>>;

/** Reads a page of a table in the order of its key, behind the last row of the page before. */
async function readPage(db: Kysely<Tables>, table: keyof Tables, last: Row | undefined): Promise<readonly Row[]> {
  const { key: keys, longTexts } = tableDescriptions[table];
  const columns = sql.join(keys.map((key) => sql.ref(key)));
  const behind =
    last === undefined ? sql`` : sql`where (${columns}) > (${sql.join(keys.map((key) => sql.val(last[key])))})`;
  const page = (selected: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`select ${selected} from ${sql.table(table)} ${behind} order by ${columns} limit ${sql.lit(pageSize)}`;
  if (longTexts.length === 0) return (await (page(sql`*`) as RawBuilder<Row>).execute(db)).rows;
  // Each of these tables has the key `id`.
  const sized = sql<{ id: number; bytes: number }>`(${page(sql`id, ${textBytes(table)} as bytes`)})`;
  const query = sql<Row>`
    select * from ${sql.table(table)} where id in ${firstWithin(sized, "asc", pageBytes)} order by id`;
  return (await query.execute(db)).rows;
}

/**
 * Writes the database as lines of JSON, each with its line feed: a header, `["table", { … }]` for each row, and an end that
 * counts them. It shows one moment of the database and holds up no one; memory stays constant. The lines hold all that the
 * database holds, so the hashes of passwords and keys and the secrets of webhooks, too: keep them as safe as the database.
 */
export async function* exportLines(store: Store, options: ExportOptions = {}): AsyncGenerator<string, void, undefined> {
  const { tables = tableNames, onProgress } = options;
  const chosen = tableNames.filter((name) => tables.includes(name));
  const header: ExportHeader = {
    format: exportFormat,
    product: "ocpp-csms",
    schema: migrationNames.at(-1) ?? "",
    tables: chosen,
  };
  const snapshot = await store.reader.startTransaction().setIsolationLevel("repeatable read").execute();
  try {
    yield `${JSON.stringify(header)}\n`;
    let rows = 0;
    for (const table of chosen) {
      let count = 0;
      let page: readonly Row[] = [];
      do {
        page = await readPage(snapshot, table, page.at(-1));
        for (const row of page) yield `${JSON.stringify([table, row])}\n`;
        count += page.length;
        if (page.length > 0 || count === 0) onProgress?.(table, count);
        // A page of long texts may be short and not the last.
      } while (tableDescriptions[table].longTexts.length === 0 ? page.length === pageSize : page.length > 0);
      rows += count;
    }
    const end: ExportEnd = { end: true, rows };
    yield `${JSON.stringify(end)}\n`;
  } finally {
    await snapshot.rollback().execute();
  }
}
