import type { FastifyReply, FastifyRequest } from "fastify";
import { sql } from "kysely";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables/tables.ts";
import { findPage, type Place, type Scan } from "./scan-page.ts";

/** How many bytes are read at once: a page of more is read and sent in pieces. */
const pieceBytes = 262_144;
/** What a row takes besides its texts, about. */
const rowBytes = 256;

/** Reads rows by their places, in their order; one that is gone meanwhile is left out. */
async function readPlaces<T extends keyof Tables>(
  { reader }: Store,
  { table, pages }: Scan<T>,
  places: readonly Place[],
): Promise<Tables[T][]> {
  const ids = places.map(({ page_id }) => page_id);
  const { rows } = await sql<Tables[T]>`
    select * from ${sql.table(table)} where ${sql.ref(pages.id)} in (${sql.join(ids)})`.execute(reader);
  const byId = new Map(rows.map((row) => [Number(row[pages.id as keyof Tables[T]]), row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Cuts a page into pieces that are read at once. */
function piecesOf(places: readonly Place[]): Place[][] {
  const pieces: Place[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const place of places) {
    if (bytes + place.page_bytes > pieceBytes) {
      pieces.push([]);
      bytes = 0;
    }
    bytes += place.page_bytes + rowBytes;
    pieces.at(-1)?.push(place);
  }
  return pieces;
}

/** How a page is written: each of its rows, and what stands around them, which is told how many there are. */
export interface PageText<Row> {
  readonly row: (row: Row) => unknown;
  /** What the answer is besides the list of the name `list`; the answer is the list itself where it is left out. */
  readonly around?: { readonly list: string; head(count: number): Readonly<Record<string, unknown>> } | undefined;
}

/**
 * Answers with one page of a list whose rows may be long: found as `scanPage` does, and cut short where its texts take too many
 * bytes, with a `Link` to the rest. The rows are read as the client takes them, a piece at a time, so that no number of
 * such answers fills the memory.
 */
export async function sendPage<T extends keyof Tables>(
  request: FastifyRequest,
  reply: FastifyReply,
  store: Store,
  scan: Scan<T>,
  { row: toJson, around }: PageText<Tables[T]>,
): Promise<unknown> {
  const places = await findPage<T, Place>(request, reply, store, scan, false);
  const pieces = piecesOf(places);
  const head = around?.head(places.length);
  if (pieces.length <= 1) {
    const rows = (places.length === 0 ? [] : await readPlaces(store, scan, places)).map(toJson);
    return around === undefined ? rows : { ...around.head(rows.length), [around.list]: rows };
  }
  const texts = async function* (): AsyncGenerator<string> {
    const opening = JSON.stringify(head ?? {}).slice(0, -1);
    let before = around === undefined ? "[" : `${opening}${opening === "{" ? "" : ","}"${around.list}":[`;
    for (const piece of pieces) {
      for (const row of await readPlaces(store, scan, piece)) {
        yield `${before}${JSON.stringify(toJson(row))}`;
        before = ",";
      }
    }
    yield `${before === "," ? "" : before}${around === undefined ? "]" : "]}"}`;
  };
  return request.server.largeAnswers.send(reply, texts());
}
