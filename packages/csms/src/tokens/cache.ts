import type { Clock } from "@ocpp/core";
import type { TokenRow } from "../store/tables/tokens.ts";
import type { TokenRepository } from "./repository/tokens.ts";

/** The tokens that were asked for last. */
export interface TokenCache {
  /** The token, from memory where it was asked for lately. */
  get(key: string): Promise<TokenRow | undefined>;
  /** The token as it is stored. */
  read(key: string): Promise<TokenRow | undefined>;
  /** Forgets a token, after it was changed. */
  forget(key: string): void;
}

/** How many tokens are remembered. */
const capacity = 10_000;
/** How many milliseconds a token is remembered, since another process may change it. */
const lifetime = 30_000;

/** Makes a cache over the table of tokens; that there is no such token is remembered, too. */
export function createTokenCache(rows: Pick<TokenRepository, "get">, clock: Clock): TokenCache {
  const remembered = new Map<string, { readonly row: TokenRow | undefined; readonly until: number }>();
  /** Counts what was forgotten, so that a read that began before a change does not bring back what stood there. */
  let changes = 0;

  return {
    read: (key) => rows.get(key),
    get: async (key) => {
      const known = remembered.get(key);
      if (known !== undefined && known.until > clock.now()) return known.row;
      const before = changes;
      const row = await rows.get(key);
      if (before !== changes) return row;
      // A map gives its keys in the order in which they came: the first one is the oldest.
      remembered.delete(key);
      const oldest = remembered.size < capacity ? undefined : remembered.keys().next().value;
      if (oldest !== undefined) remembered.delete(oldest);
      remembered.set(key, { row, until: clock.now() + lifetime });
      return row;
    },
    forget: (key) => {
      changes += 1;
      remembered.delete(key);
    },
  };
}
