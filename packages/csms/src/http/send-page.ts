import type { FastifyReply } from "fastify";
import { sql } from "kysely";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables/tables.ts";
import type { PageRequest } from "./page.ts";
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
  const byId = new Map<unknown, Tables[T]>(rows.map((row) => [row[pages.id as keyof Tables[T]], row]));
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

/** What stands around the rows of a page: the name of their list, and what comes before it, told how many they are. */
export interface PageFrame {
  readonly list: string;
  readonly head: (count: number) => Readonly<Record<string, unknown>>;
}

/** The answer, or the reply where the rows are sent as the client takes them. */
async function answer<T extends keyof Tables>(
  request: PageRequest,
  reply: FastifyReply,
  store: Store,
  scan: Scan<T>,
  toJson: (row: Tables[T]) => unknown,
  frame?: PageFrame,
): Promise<unknown> {
  const places = await findPage<T, Place>(request, reply, store, scan, false);
  const pieces = piecesOf(places);
  if (pieces.length <= 1) {
    const rows = (places.length === 0 ? [] : await readPlaces(store, scan, places)).map(toJson);
    return frame === undefined ? rows : { ...frame.head(rows.length), [frame.list]: rows };
  }
  const texts = async function* (): AsyncGenerator<string> {
    const opening = JSON.stringify(frame?.head(places.length) ?? {}).slice(0, -1);
    let before = frame === undefined ? "[" : `${opening}${opening === "{" ? "" : ","}"${frame.list}":[`;
    for (const piece of pieces) {
      for (const row of await readPlaces(store, scan, piece)) {
        yield `${before}${JSON.stringify(toJson(row))}`;
        before = ",";
      }
    }
    yield `${before === "," ? "" : before}${frame === undefined ? "]" : "]}"}`;
  };
  return request.server.largeAnswers.send(reply, texts());
}

/**
 * Answers with one page of a list whose rows may be long: found as `scanPage` does, and cut short where its texts take too many
 * bytes, with a `Link` to the rest. The rows are read as the client takes them, a piece at a time, so that no number of
 * such answers fills the memory.
 */
export async function sendPage<T extends keyof Tables, Json>(
  request: PageRequest,
  reply: FastifyReply,
  store: Store,
  scan: Scan<T>,
  toJson: (row: Tables[T]) => Json,
): Promise<readonly Json[]> {
  // Fastify takes a reply that is being sent for an answer; its client sees the list all the same.
  return answer(request, reply, store, scan, toJson) as Promise<readonly Json[]>;
}

/** The same, with the rows as a member of an object. */
export async function sendFramedPage<T extends keyof Tables, Answer>(
  request: PageRequest,
  reply: FastifyReply,
  store: Store,
  scan: Scan<T>,
  toJson: (row: Tables[T]) => unknown,
  frame: PageFrame,
): Promise<Answer> {
  return answer(request, reply, store, scan, toJson, frame) as Promise<Answer>;
}
