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

  /**
   * Takes so many tokens, one unless given and never more than the burst; `false` where there are not enough. `now` is in
   * milliseconds.
   */
  take(now: number, count: number = 1): boolean {
    this.#refill(now);
    const wanted = Math.min(count, Math.floor(this.#rate.burst));
    if (this.#tokens < wanted) return false;
    this.#tokens -= wanted;
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

/** How many buckets are kept at most: then the one that was made first goes, full or not. */
const mostBuckets = 100_000;

/** A bucket for each key, such as an address. Its memory is bounded, however many keys there are. */
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
      if (this.#buckets.size >= mostBuckets) this.#dropOldest();
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  #dropOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }

  /** Forgets full buckets, at a cost that is spread over the keys that came since. */
  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    this.#sweepAt = Math.max(sweepAt, this.#buckets.size * 2);
  }
}
