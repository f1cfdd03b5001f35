import { isIPv6 } from "node:net";
import type { Clock } from "@ocpp/core";

/** Something happened too often: the caller may retry after so many seconds. */
export class RateLimitError extends Error {
  override readonly name = "RateLimitError";
  readonly retryAfter: number;

  constructor(what: string, milliseconds: number) {
    super(what);
    this.retryAfter = Math.max(1, Math.ceil(milliseconds / 1_000));
  }
}

/** How often something may happen to one key: `burst` times at once, `perMinute` times a minute in the long run. */
export interface RateLimitOptions {
  readonly perMinute: number;
  /** `perMinute` unless given. */
  readonly burst?: number | undefined;
  /** How many keys are remembered; beyond that the one that was asked about longest ago is forgotten. 10,000 unless given. */
  readonly mostKeys?: number | undefined;
}

/** Counts what happens against a rate, for each key by itself. Its memory is bounded, whatever keys others make up. */
export interface RateLimit {
  /** Takes one of what is left to a key; false, and nothing taken, where nothing is left. */
  take(key: string): boolean;
  /** Gives back what was taken, where it turned out not to count. */
  giveBack(key: string): void;
  /** Milliseconds until a key has something left again; 0 where it has. */
  wait(key: string): number;
  /** Takes the record of a key away, so that it starts afresh. */
  forget(key: string): void;
}

/** Makes a limit. Throws a RangeError for a rate that lets nothing through. */
export function createRateLimit(
  { perMinute, burst = perMinute, mostKeys = 10_000 }: RateLimitOptions,
  clock: Pick<Clock, "now">,
): RateLimit {
  if (!(perMinute > 0 && burst >= 1)) throw new RangeError("A rate must let something through");
  /** What each key has used and not got back yet, in the order in which they were asked about last. Who is not here has used nothing. */
  const used = new Map<string, { readonly amount: number; readonly at: number }>();

  const amountOf = (key: string, now: number): number => {
    const record = used.get(key);
    if (record === undefined) return 0;
    return Math.max(0, record.amount - (Math.max(0, now - record.at) * perMinute) / 60_000);
  };

  const set = (key: string, amount: number, now: number): void => {
    used.delete(key);
    if (amount <= 0) return;
    used.set(key, { amount, at: now });
    if (used.size <= mostKeys) return;
    for (const oldest of used.keys()) {
      used.delete(oldest);
      return;
    }
  };

  return {
    take: (key) => {
      const now = clock.now();
      const amount = amountOf(key, now);
      const taken = amount + 1 <= burst;
      // Who is refused is put back in front as well: a source that goes on trying is not forgotten for it.
      set(key, taken ? amount + 1 : amount, now);
      return taken;
    },
    giveBack: (key) => {
      const now = clock.now();
      set(key, amountOf(key, now) - 1, now);
    },
    wait: (key) => {
      const over = amountOf(key, clock.now()) + 1 - burst;
      return over <= 0 ? 0 : Math.ceil((over * 60_000) / perMinute);
    },
    forget: (key) => {
      used.delete(key);
    },
  };
}

/**
 * The key that an address is counted under: itself, or the first 64 bits of an IPv6 address, since the holder of one has
 * all that begin with them.
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%", 1).join("").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: missing }, () => "0"), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
