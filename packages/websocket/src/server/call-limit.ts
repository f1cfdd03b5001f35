import {
  type Clock,
  formatCallError,
  OcppError,
  type PeerOptions,
  type Protocol,
  parseFrame,
  type Report,
} from "@ocpp/core";
import { checkRate, type Rate, TokenBucket, TokenBuckets } from "./token-bucket.ts";

/** What the limiter sees of a connection. */
export interface LimitedConnection {
  readonly identity: string;
  readonly address: string;
  readonly protocol: Protocol;
  /** The bucket of the connection, kept for the limiter. */
  bucket: TokenBucket | undefined;
  send(text: string): void;
}

/** How often stations may call. */
export interface CallLimitOptions {
  /** Calls of one connection; no limit unless given. */
  readonly callRate?: Rate;
  /** Calls of all connections from one address; no limit unless given. */
  readonly addressCallRate?: Rate;
}

/**
 * Holds stations to a rate of calls. It looks at frames before the peer does, so that a flood costs little. What is over
 * the limit is refused: a call with a CALLERROR InternalError, after which a station tries again later, a SEND and what is
 * no frame without an answer. Answers to our own calls always pass.
 */
export class CallLimit {
  readonly #clock: Clock;
  readonly #options: CallLimitOptions & Pick<PeerOptions, "report" | "frames">;
  readonly #addresses: TokenBuckets | undefined;

  private constructor(clock: Clock, options: CallLimitOptions & Pick<PeerOptions, "report" | "frames">) {
    this.#clock = clock;
    this.#options = options;
    this.#addresses = options.addressCallRate === undefined ? undefined : new TokenBuckets(options.addressCallRate);
  }

  /** Makes a limiter, or none where nothing is limited. Throws a RangeError for a rate that lets nothing through. */
  static of(clock: Clock, options: CallLimitOptions & Pick<PeerOptions, "report" | "frames">): CallLimit | undefined {
    checkRate("callRate", options.callRate);
    checkRate("addressCallRate", options.addressCallRate);
    return options.callRate === undefined && options.addressCallRate === undefined
      ? undefined
      : new CallLimit(clock, options);
  }

  /** Whether a frame goes no further; it has been answered then, where it is to be. */
  refuses(connection: LimitedConnection, text: string): boolean {
    // What begins like an answer is let through unparsed: answers are neither counted nor dropped.
    if (/^\s*\[\s*[345]\b/.test(text) || this.#take(connection)) return false;
    const frame = parseFrame(connection.protocol, text);
    switch (frame.type) {
      case 2:
      case 6: {
        this.#show("inbound", text, connection);
        const error = new OcppError("InternalError", "Too many calls: try again later");
        if (frame.type === 2) this.#answer(connection, formatCallError(connection.protocol, 4, frame.id, error));
        this.#report(connection, { type: "refused-call", action: frame.action, messageId: String(frame.id), error });
        return true;
      }
      case "malformed":
        this.#show("inbound", text, connection);
        this.#report(connection, { type: "malformed-frame", reason: frame.reason, answered: false });
        return true;
      default:
        return false;
    }
  }

  #take(connection: LimitedConnection): boolean {
    const now = this.#clock.now();
    const { callRate } = this.#options;
    if (callRate !== undefined) {
      connection.bucket ??= new TokenBucket(callRate, now);
      if (!connection.bucket.take(now)) return false;
    }
    return this.#addresses?.of(connection.address, now).take(now) ?? true;
  }

  #answer(connection: LimitedConnection, text: string): void {
    try {
      connection.send(text);
    } catch {
      // The connection is about to go, and the call with it.
      return;
    }
    this.#show("outbound", text, connection);
  }

  #show(direction: "inbound" | "outbound", text: string, { identity }: LimitedConnection): void {
    try {
      this.#options.frames?.(direction, text, identity);
    } catch {
      // An observer must not change what a server does.
    }
  }

  #report({ identity }: LimitedConnection, report: Report): void {
    try {
      this.#options.report?.(report, identity);
    } catch {
      // As above.
    }
  }
}
