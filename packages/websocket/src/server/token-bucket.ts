/** How often something may happen: `burst` times at once, and `perSecond` times a second in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Throws a RangeError for a rate that lets nothing through. */
export function checkRate(name: string, rate: Rate | undefined): void {
  if (rate !== undefined && !(rate.perSecond > 0 && rate.burst >= 1)) {
    throw new RangeError(`${name}: perSecond must be above 0 and burst at least 1`);
  }
}

/** Counts what has happened against a rate. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #since: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#since = now;
  }

  /** Takes a token; `false` where there is none left. `now` is in milliseconds. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whether it is as full as it can be, and so need not be kept. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(now: number): void {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#since) * perSecond) / 1_000);
    this.#since = now;
  }
}

/** How many buckets are kept before full ones are thrown away. */
const sweepAt = 1_024;

/** A bucket for each key, such as an address. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweepAt = sweepAt;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of a key. */
  of(key: string, now: number): TokenBucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  /** Forgets full buckets, at a cost that is spread over the keys that came since. */
  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    this.#sweepAt = Math.max(sweepAt, this.#buckets.size * 2);
  }
}
