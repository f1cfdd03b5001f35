import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Too many passwords wait to be checked: the station may come back in a few seconds. */
export class PasswordBusyError extends Error {
  override readonly name = "PasswordBusyError";
}

/** Hashes passwords slowly and checks them quickly. */
export interface PasswordHashes {
  /** A new hash with a salt of its own. */
  hash(password: string): Promise<string>;
  /**
   * Whether a password belongs to a hash. What was found right is remembered under a keyed digest, so it costs microseconds
   * the next time; what was wrong is not. Rejects with a PasswordBusyError where too many wait for the same hash.
   */
  verify(hash: string, password: Buffer): Promise<boolean>;
}

/** A power of two: 16 MiB and a few tens of milliseconds for each password, beside the main thread. */
const cost = 16_384;
const blockSize = 8;
const digestLength = 32;

/** How many are checked at once: half of the threads that Node has for such work, files need the others. */
const parallel = 2;

/** How many checks may wait for one hash, and so for one station. */
const mostWaiting = 20;

/** How many verified digests are remembered. */
const remembered = 50_000;

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

function derive(secret: Buffer, salt: Buffer, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r: blockSize, p: 1, maxmem: 256 * n * blockSize };
    scrypt(secret, salt, digestLength, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Lets so many run at once; the others wait in their order. */
function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < limit) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** Makes the hashes. `checked` is told of each slow check, for tests that count them. */
export function createPasswordHashes(checked: () => void = () => {}): PasswordHashes {
  const key = randomBytes(32);
  const known = new Map<string, true>();
  const underWay = new Map<string, Promise<boolean>>();
  /** The last check of each hash, and how many of them there are: of one station only one is at work at a time. */
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>();
  const slowly = limiter(parallel);

  const digestOf = (hash: string, password: Buffer): string =>
    createHmac("sha256", key).update(hash).update("\0").update(password).digest("base64");

  const remember = (digest: string): void => {
    known.delete(digest);
    known.set(digest, true);
    if (known.size <= remembered) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  };

  const check = async (hash: string, password: Buffer): Promise<boolean> => {
    const [scheme, n, kind, salt, expected] = hash.split("$");
    if (scheme !== "scrypt" || n === undefined || kind === undefined || salt === undefined || expected === undefined) {
      return false;
    }
    checked();
    const derived = await derive(shown(kind, password), Buffer.from(salt, "base64"), Number(n));
    return timingSafeEqual(derived, Buffer.from(expected, "base64"));
  };

  /** Checks after the others of the same hash. */
  const inLine = async (hash: string, password: Buffer): Promise<boolean> => {
    const line = lines.get(hash) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= mostWaiting) throw new PasswordBusyError("Too many passwords of a station wait to be checked");
    lines.set(hash, line);
    line.waiting += 1;
    const result = line.last.then(() => slowly(() => check(hash, password)));
    line.last = result.catch(() => {});
    try {
      return await result;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(hash);
    }
  };

  return {
    hash: async (password) => {
      const kind = isHexKey(password) ? "hex" : "text";
      const salt = randomBytes(16);
      const derived = await slowly(() => derive(shown(kind, Buffer.from(password, "utf8")), salt, cost));
      return ["scrypt", cost, kind, salt.toString("base64"), derived.toString("base64")].join("$");
    },
    verify: async (hash, password) => {
      const digest = digestOf(hash, password);
      if (known.has(digest)) {
        remember(digest);
        return true;
      }
      const other = underWay.get(digest);
      if (other !== undefined) return other;
      const result = inLine(hash, password);
      underWay.set(digest, result);
      try {
        const right = await result;
        if (right) remember(digest);
        return right;
      } finally {
        underWay.delete(digest);
      }
    },
  };
}
