import { createHash, randomBytes } from "node:crypto";
import type { Infrastructure } from "../infrastructure.ts";
import { InvalidRequestError } from "../shared/service-error.ts";
import type { ApiKeyRow } from "../store/tables/http.ts";
import { createApiKeyRepository } from "./repository.ts";

/** Who calls: the name and role of the key, or of the loopback user where there are no keys. */
export interface Caller {
  readonly name: string;
  readonly role: ApiKeyRow["role"];
}

/** The keys to the REST interface. Only hashes are stored. */
export interface ApiKeys {
  /** Whether there is any key that is in force. */
  any(): Promise<boolean>;
  /** Makes a key; the key itself is returned once, here and never again. */
  add(
    name: string,
    role: ApiKeyRow["role"],
    expiresAt?: number,
  ): Promise<{ readonly row: ApiKeyRow; readonly key: string }>;
  list(): Promise<ApiKeyRow[]>;
  /** Takes a key out of force; whether there was one. */
  revoke(id: number): Promise<boolean>;
  /** Whose key it is; undefined where it is unknown, expired or revoked. Answers from memory where it can. */
  identify(key: string): Promise<Caller | undefined>;
}

const keyPrefix = "ocpp_";
/** How much of a key is kept to distinguish keys: the prefix and four characters of 43. */
const shownLength = keyPrefix.length + 4;
/** Milliseconds that the keys in memory are taken for those in the database, which another process may change. */
const memoryTime = 30_000;
/** Milliseconds within which the use of a key is noted once. */
const useTime = 60_000;

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/**
 * Makes the keys. The one from the configuration has the role admin and the name `configuration`, and is not in the
 * database. All keys stand in memory, so that wrong ones cost nothing.
 */
export async function createApiKeys(
  infrastructure: Pick<Infrastructure, "store" | "clock" | "configuration">,
): Promise<ApiKeys> {
  const { store, clock, configuration } = infrastructure;
  const given = configuration.api.key === null ? undefined : hashOf(configuration.api.key);
  const rows = createApiKeyRepository(store);
  let keys = new Map<string, ApiKeyRow>();
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;
  const usedAt = new Map<number, number>();
  const read = async (): Promise<void> => {
    const begun = clock.now();
    const known = await rows.all();
    keys = new Map(known.map((row) => [row.hash, row]));
    readAt = begun;
  };
  const current = async (): Promise<void> => {
    if (clock.now() - readAt < memoryTime) return;
    // Where the database is away, the keys that are known stay good.
    reading ??= read()
      .catch(() => {})
      .finally(() => {
        reading = undefined;
      });
    await reading;
  };
  /** What was just written counts at once, also where an older state is being read. */
  const readAnew = async (): Promise<void> => {
    await reading;
    await read();
  };

  const inForce = ({ revoked_at: revokedAt, expires_at: expiresAt }: ApiKeyRow): boolean =>
    revokedAt === null && (expiresAt === null || expiresAt > clock.now());

  const used = ({ id }: ApiKeyRow): void => {
    const now = clock.now();
    if (now - (usedAt.get(id) ?? -Infinity) < useTime) return;
    usedAt.set(id, now);
    store.append(rows.use({ id, last_used_at: now }));
  };

  await read();

  return {
    any: async () => {
      await current();
      return given !== undefined || Array.from(keys.values()).some(inForce);
    },
    add: async (name, role, expiresAt) => {
      if (!/^[^\p{Cc}]{1,100}$/u.test(name)) {
        throw new InvalidRequestError("name: must have 1 to 100 characters and none that control a terminal");
      }
      if (expiresAt !== undefined && expiresAt <= clock.now()) {
        throw new InvalidRequestError("expiresAt: must be in the future");
      }
      const key = keyPrefix + randomBytes(32).toString("base64url");
      const row: ApiKeyRow = {
        id: store.nextId(),
        name,
        role,
        hash: hashOf(key),
        prefix: key.slice(0, shownLength),
        expires_at: expiresAt ?? null,
        revoked_at: null,
        last_used_at: null,
        created_at: clock.now(),
      };
      await store.write(rows.insertion(row));
      await readAnew();
      return { row, key };
    },
    list: rows.all,
    revoke: async (id) => {
      const [changed = 0] = await store.write(rows.revocation(id, clock.now()));
      await readAnew();
      return changed > 0;
    },
    identify: async (key) => {
      const hash = hashOf(key);
      if (hash === given) return { name: "configuration", role: "admin" };
      await current();
      const row = keys.get(hash);
      if (row === undefined || !inForce(row)) return undefined;
      used(row);
      return { name: row.name, role: row.role };
    },
  };
}
