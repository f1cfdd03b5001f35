import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { createKeyedQueue } from "../shared/keyed-queue.ts";
import type { TokenRow } from "../store/tables/tokens.ts";
import { createTokenCache } from "./cache.ts";
import { createTokenEraser } from "./erasure.ts";
import { createTokenRepository } from "./repository/tokens.ts";
import { factsOf, newTokenRow, type TokenSettings, tokenKey, withSettings } from "./row.ts";
import { type AuthorizationStatus, authorize, type TokenVerdict } from "./rules.ts";

/** Where and for what an id token is presented. */
export interface TokenQuestion {
  readonly stationId: string;
  readonly token: string;
  /** The IdTokenEnumType of 2.x. */
  readonly type?: string | undefined;
  readonly evseId?: number | undefined;
  readonly connectorId?: number | undefined;
  /** Whether a transaction starts with it; only then its limit of concurrent transactions counts. */
  readonly starting: boolean;
  /** The row of the transaction that it is shown for, where there is one already: it does not count against itself. */
  readonly transaction?: number | undefined;
}

/** The id tokens that the CSMS knows. They are compared without regard to case (1.6 CiString, 2.0.1 identifierString). */
export interface TokenRegistry {
  get(token: string): Promise<TokenRow | undefined>;
  /** Says what a token is worth, and emits an event of it. */
  authorize(question: TokenQuestion): Promise<TokenVerdict>;
  /**
   * Says what a token is worth to a transaction that starts with it, and hands that to `record`, which writes the
   * transaction down. Nothing else starts with a token that has a limit of concurrent transactions until `record` has
   * settled, so the limit holds for starts that come at the same time. Settles as `record` does.
   */
  start<T>(question: Omit<TokenQuestion, "starting">, record: (verdict: TokenVerdict) => Promise<T>): Promise<T>;
  /** Creates a token or changes it; whether it is new. */
  put(token: string, settings: TokenSettings): Promise<{ readonly row: TokenRow; readonly created: boolean }>;
  /** Removes a token; whether there was one. */
  remove(token: string): Promise<boolean>;
  /**
   * Erases a driver's data: the token is replaced by a pseudonym wherever it stands, also in payloads and the message
   * log; totals stay. Resolves with how many rows of each table changed. Rejects with a NotFoundError for a token that
   * stands nowhere, and a ConflictError while a transaction runs with it.
   */
  erase(token: string): Promise<Readonly<Record<string, number>>>;
}

/** The token as events carry it: a key code stands in none (C04.FR.04). */
function shown(token: string, type: string | null | undefined): string | undefined {
  return type === "KeyCode" ? undefined : token;
}

function changeOf(row: TokenRow, created: boolean): NewEvent {
  return { stationId: null, kind: "token.changed", data: { idToken: shown(row.token, row.type), created } };
}

/** Makes the registry. Tokens that were asked for are remembered, so that a question seldom costs a read. */
export function createTokenRegistry(infrastructure: Infrastructure): TokenRegistry {
  const { store, events, clock, configuration } = infrastructure;
  const { unknown, rememberUnknown, masterPassGroupId } = configuration.tokens;
  const rows = createTokenRepository(store);
  const cache = createTokenCache(rows, clock);
  const queue = createKeyedQueue();
  const erase = createTokenEraser(infrastructure);

  const remember = async ({ token, type }: TokenQuestion, status: AuthorizationStatus): Promise<void> => {
    const row = withSettings(newTokenRow(store.nextId(), token, clock.now()), {
      type: type ?? null,
      status: status === "Accepted" ? "Accepted" : "Invalid",
    });
    await events.commit([rows.insertion(row)], [changeOf(row, true)]);
    cache.forget(row.token_key);
  };

  const judge = async (question: TokenQuestion): Promise<TokenVerdict> => {
    const { stationId, token, type, evseId, connectorId, starting, transaction } = question;
    const key = tokenKey(token);
    const free = type === "NoAuthorization";
    const row = free ? undefined : await cache.get(key);
    const limited = starting && row !== undefined && row.max_active !== null;
    const verdict = authorize({
      token: row === undefined ? undefined : factsOf(row),
      type,
      stationId,
      evseId,
      connectorId,
      starting,
      active: limited ? await rows.countActive(key, transaction) : 0,
      now: clock.now(),
      unknownTokens: unknown,
      masterPassGroupId,
    });
    if (row === undefined && !free && rememberUnknown) await remember(question, verdict.status);
    const { status, groupId } = verdict;
    const data = { idToken: shown(token, type), type, status, groupId, evseId, starting };
    events.append({ stationId, kind: "token.authorized", data });
    return verdict;
  };

  return {
    get: (token) => cache.get(tokenKey(token)),
    authorize: (question) => judge(question),
    start: async (question, record) => {
      const begin = async () => record(await judge({ ...question, starting: true }));
      const key = tokenKey(question.token);
      const row = question.type === "NoAuthorization" ? undefined : await cache.get(key);
      // Where there is no limit to hold, as with the one token of a fleet, no call waits for another.
      return row === undefined || row.max_active === null ? begin() : queue.run(key, begin);
    },
    put: (token, settings) =>
      queue.run(tokenKey(token), async () => {
        const key = tokenKey(token);
        const before = await cache.read(key);
        const now = clock.now();
        const row = withSettings(before ?? newTokenRow(store.nextId(), token, now), settings, now);
        const created = before === undefined;
        await events.commit([rows.upsert(row)], [changeOf(row, created)]);
        cache.forget(key);
        return { row, created };
      }),
    remove: (token) =>
      queue.run(tokenKey(token), async () => {
        const key = tokenKey(token);
        const row = await cache.read(key);
        if (row === undefined) return false;
        const [changed = 0] = await events.commit(
          [rows.removal(key)],
          [{ stationId: null, kind: "token.removed", data: { idToken: shown(row.token, row.type) } }],
        );
        cache.forget(key);
        return changed > 0;
      }),
    erase: (token) =>
      queue.run(tokenKey(token), async () => {
        try {
          return await erase(token);
        } finally {
          cache.forget(tokenKey(token));
        }
      }),
  };
}
