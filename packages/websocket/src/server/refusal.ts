/** What `authenticate` may add to a refusal. */
export interface RefusalOptions {
  /** One sentence for the body of the response. It leaves the process, so it must hold no secret. */
  readonly reason?: string;
  /** Seconds after which the station may try again (Retry-After). */
  readonly retryAfter?: number;
}

/** A station that is not let in, as a value that `authenticate` returns. Made by `refuse`. */
export class Refusal {
  readonly status: number;
  readonly reason: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(status: number, { reason, retryAfter }: RefusalOptions = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`${status} is not the HTTP status of a refusal: 400 to 599`);
    }
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/**
 * Refuses a station with an HTTP status, to be returned by `authenticate`: 404 for a station that is not known (OCPP-J
 * 2.0.1 §3.2), 401 for wrong credentials, 403 for a station that is known and not let in, 429 or 503 for later. Throws a
 * RangeError for a status below 400 or above 599.
 */
export function refuse(status: number, options?: RefusalOptions): Refusal {
  return new Refusal(status, options);
}
