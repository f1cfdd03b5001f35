import { storableText } from "../shared/storable-text.ts";
import type { TokenRow } from "../store/tables/tokens.ts";
import type { TokenFacts, TokenPlace } from "./rules.ts";

/** What an operator says of a token. What is left out stays, or gets its default. */
export interface TokenSettings {
  readonly type?: string | null | undefined;
  readonly status?: TokenRow["status"] | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly groupId?: string | null | undefined;
  readonly maxActive?: number | null | undefined;
  readonly restrictedTo?: readonly TokenPlace[] | null | undefined;
  readonly note?: string | null | undefined;
}

/** What tokens are compared by: the same text for all ways to write it in upper and lower case. */
export function tokenKey(token: string): string {
  return storableText(token).toLowerCase();
}

/** A token of which nothing was said yet. */
export function newTokenRow(id: number, token: string, now: number): TokenRow {
  return {
    id,
    token: storableText(token),
    token_key: tokenKey(token),
    type: null,
    status: "Accepted",
    expires_at: null,
    group_id: null,
    max_active: null,
    restricted_to: null,
    note: null,
    erased: 0,
    created_at: now,
    updated_at: now,
  };
}

/** What is said, or what was so far where nothing is. */
function settle<T>(said: T | undefined, before: T): T {
  return said === undefined ? before : said;
}

/** The row with what an operator says of it. */
export function withSettings(row: TokenRow, settings: TokenSettings, now: number = row.updated_at): TokenRow {
  const { restrictedTo } = settings;
  return {
    ...row,
    type: settle(settings.type, row.type),
    status: settle(settings.status, row.status),
    expires_at: settle(settings.expiresAt, row.expires_at),
    group_id: settle(settings.groupId, row.group_id),
    max_active: settle(settings.maxActive, row.max_active),
    restricted_to:
      restrictedTo === undefined ? row.restricted_to : restrictedTo === null ? null : JSON.stringify(restrictedTo),
    note: settle(settings.note, row.note),
    updated_at: now,
  };
}

/** What a row says of its token. */
export function factsOf(row: TokenRow): TokenFacts {
  return {
    status: row.status,
    type: row.type,
    expiresAt: row.expires_at,
    groupId: row.group_id,
    maxActive: row.max_active,
    restrictedTo: row.restricted_to === null ? null : (JSON.parse(row.restricted_to) as readonly TokenPlace[]),
  };
}
