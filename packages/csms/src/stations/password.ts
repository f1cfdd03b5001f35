import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { createFairQueue, QueueFullError, type QueuePlace } from "../shared/fair-queue.ts";

/** Too many passwords wait to be checked: the station may come back in a few seconds. */
export class PasswordBusyError extends Error {
  override readonly name = "PasswordBusyError";
}

/** What the keyed digest says of a password: `open` where there is none of this key, station and hash. */
export type PasswordRecall = "right" | "wrong" | "open";

/** A hash of a station, and the digest that was stored of the password that belongs to it. */
export interface StoredPassword {
  readonly identity: string;
  readonly hash: string;
  /** As `digest` gave it; null where none was kept. */
  readonly digest: string | null;
}

/** How a slow check stands in the queue; its subject is the identity. */
export interface PasswordPlace extends Omit<QueuePlace, "subject"> {
  /** Called when its turn has come; what it throws ends the check before it begins. */
  readonly begins?: (() => void) | undefined;
}

/**
 * Hashes passwords slowly with scrypt, and checks again quickly what was found right once, by a digest under a key.
 *
 * The digest is HMAC-SHA-256 over identity, hash and password. A thief of the database has scrypt hashes and digests,
 * and without the key a digest is as good as random: it distinguishes guesses no more than nothing does, so that each guess
 * costs a scrypt as before. A thief of the key, too, can test guesses as fast as HMAC goes; so the key lies outside of
 * the database and its backups, and passwords are to be random ones, as the CSMS makes them: 160 bits, which nobody
 * guesses at any speed. The hash in it has a salt of its own, so a digest is good for one password of one station, and for
 * none once the password has changed. A tag says which key, station and hash it is of, and nothing without the key; a digest
 * of others counts as none, and then the password is checked slowly.
 */
export interface PasswordHashes {
  /** A new hash with a salt of its own, whose digest is known from then on. */
  hash(identity: string, password: string, place?: PasswordPlace): Promise<string>;
  /** What the kept digest, or the one in memory, says of a password. Costs microseconds. */
  recall(stored: StoredPassword, password: Buffer): PasswordRecall;
  /**
   * Whether a password belongs to a hash, by the slow check, which is shared by all who ask the same at the same time. What
   * was right is remembered for `recall`; what was wrong is not. Rejects with a PasswordBusyError where too much waits, and
   * with the reason of the signal where that aborts before the check has begun.
   */
  verify(identity: string, hash: string, password: Buffer, place: PasswordPlace): Promise<boolean>;
  /** The digest to keep beside a hash; null where the password is not known in memory, or no lasting key is there. */
  digest(identity: string, hash: string): string | null;
}

/** What they are made with. */
export interface PasswordHashesOptions {
  /** The key of the digests, 32 bytes; without one a key of this process alone is used, and no digest is to be kept. */
  readonly key?: Buffer | undefined;
  /** Called with each slow check, for tests that count them. */
  readonly checked?: (() => void) | undefined;
}

/** A power of two: 16 MiB and a few tens of milliseconds for each password, beside the main thread. */
const cost = 16_384;
const blockSize = 8;
const digestLength = 32;

/**
 * How many are checked at once: half of the threads that Node has for such work, files need the others. Of those that
 * nothing speaks for yet only one, so that whoever makes up passwords never takes more than one core.
 */
const parallel = 2;
const parallelOthers = 1;

/** How many checks may wait: what takes about as long as a handshake may. */
const mostWaiting = 500;

/** How many characters tell digests apart. */
const tagLength = 12;

/** How many right passwords are remembered. */
const remembered = 50_000;

/** The place of a password that the CSMS itself, or its operator, sets. */
const ownPlace: PasswordPlace = { source: "", first: true };

/**
 * Whether a password is an AuthorizationKey of OCPP 1.6: 16 to 20 bytes in hexadecimal digits (OCPP-J 1.6 §6.2.2, security
 * whitepaper §7.2). Stations show such a key as bytes or as its digits, in either letter case.
 */
function isHexKey(password: string): boolean {
  return /^(?:[0-9A-Fa-f]{2}){16,20}$/.test(password);
}

/**
 * The password that bytes stand for, as `hash` takes it: a text, or the digits of an AuthorizationKey where they are none.
 * Empty where they can be neither.
 */
export function passwordText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const digits = Buffer.from(bytes).toString("hex");
    return isHexKey(digits) ? digits : "";
  }
}

/** What is hashed of a password that a station shows, given how the password was entered. */
function shown(kind: string, password: Buffer): Buffer {
  if (kind !== "hex") return password;
  const text = password.toString("latin1");
  if (isHexKey(text)) return Buffer.from(text.toLowerCase(), "latin1");
  return Buffer.from(password.toString("hex"), "latin1");
}

interface HashParts {
  readonly n: number;
  readonly kind: string;
  readonly salt: Buffer;
  readonly expected: Buffer;
}

/** The parts of a hash; undefined where it is none of ours. */
function parse(hash: string): HashParts | undefined {
  const [scheme, n, kind, salt, expected] = hash.split("$");
  if (scheme !== "scrypt" || n === undefined || kind === undefined || salt === undefined || expected === undefined) {
    return undefined;
  }
  return { n: Number(n), kind, salt: Buffer.from(salt, "base64"), expected: Buffer.from(expected, "base64") };
}

function format(kind: string, salt: Buffer, derived: Buffer): string {
  return ["scrypt", cost, kind, salt.toString("base64"), derived.toString("base64")].join("$");
}

/** A hash that no password belongs to, whose check takes as long as any. */
export function unmatchedHash(): string {
  return format("text", randomBytes(16), randomBytes(digestLength));
}

function derive(secret: Buffer, salt: Buffer, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r: blockSize, p: 1, maxmem: 256 * n * blockSize };
    scrypt(secret, salt, digestLength, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Resolves as a promise does, or rejects when the signal aborts, whichever comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", abort);
    });
  });
}

/** A slow check that is waiting or running, and how many want to know; where nobody does any more, it is not begun. */
interface SharedCheck {
  readonly result: Promise<boolean>;
  readonly stop: AbortController;
  wanted: number;
  begun: boolean;
}

/** Makes the hashes. */
export function createPasswordHashes(options: PasswordHashesOptions = {}): PasswordHashes {
  const { key = randomBytes(32), checked = () => {} } = options;
  const lasting = options.key !== undefined;
  const mac = (what: string, parts: readonly (string | Buffer)[]): Buffer => {
    const hmac = createHmac("sha256", key).update(`ocpp-csms ${what}\0`);
    for (const part of parts) hmac.update(`${Buffer.byteLength(part)}\0`).update(part);
    return hmac.digest();
  };
  /** Tells a digest of this key, station and hash from any other. */
  const tagOf = (identity: string, hash: string): string =>
    mac("digest tag", [identity, hash]).toString("base64url").slice(0, tagLength);
  /** The digest of the right password of each hash, those that were used longest ago first. */
  const known = new Map<string, Buffer>();
  const underWay = new Map<string, SharedCheck>();
  const queue = createFairQueue({ parallel, parallelOthers, mostWaiting });

  const digestOf = (identity: string, hash: string, password: Buffer): Buffer =>
    mac("station password", [identity, hash, shown(parse(hash)?.kind ?? "", password)]);

  const remember = (hash: string, digest: Buffer): void => {
    known.delete(hash);
    known.set(hash, digest);
    if (known.size <= remembered) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  };

  /** The digest that was stored; undefined where there is none of this key, station and hash. */
  const kept = ({ identity, hash, digest }: StoredPassword): Buffer | undefined => {
    const [version, tag, value] = digest?.split("$") ?? [];
    if (version !== "hmac" || value === undefined || tag !== tagOf(identity, hash)) return undefined;
    const bytes = Buffer.from(value, "base64url");
    return bytes.length === digestLength ? bytes : undefined;
  };

  const slowly = async <T>(identity: string, place: PasswordPlace, work: () => Promise<T>): Promise<T> => {
    try {
      return await queue.run({ ...place, subject: identity }, () => {
        place.begins?.();
        return work();
      });
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      throw new PasswordBusyError("Too many passwords wait to be checked", { cause: error });
    }
  };

  const check = async (hash: string, password: Buffer, digest: Buffer): Promise<boolean> => {
    const parts = parse(hash);
    if (parts === undefined) return false;
    checked();
    const derived = await derive(shown(parts.kind, password), parts.salt, parts.n);
    if (derived.length !== parts.expected.length || !timingSafeEqual(derived, parts.expected)) return false;
    remember(hash, digest);
    return true;
  };

  /** Begins a check that others may join. */
  const share = (
    name: string,
    identity: string,
    hash: string,
    password: Buffer,
    digest: Buffer,
    place: PasswordPlace,
  ): SharedCheck => {
    const stop = new AbortController();
    const result = slowly(identity, { ...place, signal: stop.signal }, () => {
      made.begun = true;
      return check(hash, password, digest);
    }).finally(() => {
      if (underWay.get(name) === made) underWay.delete(name);
    });
    const made: SharedCheck = { result, stop, wanted: 0, begun: false };
    underWay.set(name, made);
    return made;
  };

  return {
    hash: (identity, password, place = ownPlace) =>
      slowly(identity, place, async () => {
        const kind = isHexKey(password) ? "hex" : "text";
        const salt = randomBytes(16);
        const bytes = Buffer.from(password, "utf8");
        const hash = format(kind, salt, await derive(shown(kind, bytes), salt, cost));
        remember(hash, digestOf(identity, hash, bytes));
        return hash;
      }),
    recall: (stored, password) => {
      const { identity, hash } = stored;
      const expected = known.get(hash) ?? kept(stored);
      if (expected === undefined) return "open";
      if (!timingSafeEqual(digestOf(identity, hash, password), expected)) return "wrong";
      remember(hash, expected);
      return "right";
    },
    verify: async (identity, hash, password, place) => {
      const digest = digestOf(identity, hash, password);
      const name = digest.toString("base64");
      const shared = underWay.get(name) ?? share(name, identity, hash, password, digest, place);
      shared.wanted += 1;
      try {
        return await unlessAborted(shared.result, place.signal);
      } finally {
        shared.wanted -= 1;
        if (shared.wanted === 0 && !shared.begun) {
          underWay.delete(name);
          shared.stop.abort(new Error("Nobody waits for the check of a password any more"));
        }
      }
    },
    digest: (identity, hash) => {
      const digest = known.get(hash);
      return lasting && digest !== undefined ? `hmac$${tagOf(identity, hash)}$${digest.toString("base64url")}` : null;
    },
  };
}
