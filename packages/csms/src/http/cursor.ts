import type { FastifyReply, FastifyRequest } from "fastify";
import { fieldError } from "./api-error.ts";

/** Where a page begins: after the row with this value of the sort and this id. */
export interface Position {
  readonly value: number | string;
  readonly id: number | string;
}

/** What a list is sorted by; a cursor holds for it alone. */
export interface Sorting {
  readonly sort: string;
  readonly order: "asc" | "desc";
}

function formCursor({ sort, order }: Sorting, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, order, value, id])).toString("base64url");
}

function isKey(value: unknown): value is number | string {
  return typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "string" && !value.includes("\0");
}

/** What the parts of a position are, for the database: a number for a column of numbers, a text for one of texts. */
export interface PositionKinds {
  readonly value: "number" | "string";
  readonly id: "number" | "string";
}

/** Reads the cursor of a request. Throws where it is none, is of another sort or order, or has parts of other kinds. */
export function readCursor(cursor: string, { sort, order }: Sorting, kinds: PositionKinds): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    parts = undefined;
  }
  const [ofSort, ofOrder, value, id] = Array.isArray(parts) ? (parts as unknown[]) : [];
  const known = isKey(value) && isKey(id) && typeof value === kinds.value && typeof id === kinds.id;
  if (!known || ofSort !== sort || ofOrder !== order) {
    throw fieldError("query", "cursor", "must be one that a Link header gave for the same sort and order");
  }
  return { value, id };
}

/** The address of a page: that of the request with another cursor, without a host so that it holds behind any proxy. */
function addressOf({ url }: Pick<FastifyRequest, "url">, cursor?: string): string {
  const [path = "/", query = ""] = url.split("?");
  const parameters = new URLSearchParams(query);
  for (const name of ["cursor", "offset"]) parameters.delete(name);
  if (cursor !== undefined) parameters.set("cursor", cursor);
  const text = parameters.toString();
  return `<${path}${text === "" ? "" : `?${text}`}>`;
}

/** Sets `Link` to the first page, and of the next one where there is one (RFC 8288). */
export function linkPages(
  request: Pick<FastifyRequest, "url">,
  reply: Pick<FastifyReply, "header">,
  sorting: Sorting,
  next: Position | undefined,
): void {
  const links = [`${addressOf(request)}; rel="first"`];
  if (next !== undefined) links.push(`${addressOf(request, formCursor(sorting, next))}; rel="next"`);
  reply.header("link", links.join(", "));
}
