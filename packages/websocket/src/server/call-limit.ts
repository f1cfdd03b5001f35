import {
  type Clock,
  formatCallError,
  type MessageId,
  messageIdText,
  OcppError,
  observe,
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
  /** Who serves it: answers count while it has no call outstanding. */
  readonly peer: { readonly queued: number } | undefined;
  /** The bucket of the connection, kept for the limiter. */
  bucket: TokenBucket | undefined;
  send(text: string): void;
}

/** How often stations may call. A message counts once, and once more for each 64 KiB of it. */
export interface CallLimitOptions {
  /** Calls of one connection; no limit unless given. */
  readonly callRate?: Rate;
  /** Calls of all connections from one address; no limit unless given. */
  readonly addressCallRate?: Rate;
}

/** How many characters of a message count as much as one more message. */
const weight = 65_536;

/** What a frame says of itself at its head; the rest of it is not looked at. */
const head = /^\s*\[\s*(\d)\s*,\s*"([^"\\]{1,36})"\s*(?:,\s*"([^"\\]{1,50})"\s*,)?/;

/** A frame of more characters is refused by its head: to parse it would cost more than it may. */
const parsedLength = 4_096;

/** What is refused, as far as it can be told. */
interface Refused {
  readonly type: number;
  readonly id: MessageId;
  readonly action: string;
}

/**
 * Holds stations to a rate of calls. It looks at frames before the peer does, so that a flood costs little. What is over
 * the limit is refused: a call with a CALLERROR InternalError, after which a station tries again later, a SEND and what is
 * no frame without an answer. Answers pass while a call of ours waits for one, and count like calls where none does. What is
 * refused is reported and not shown to `frames`: who logs them would be flooded.
 */
export class CallLimit {
  readonly #clock: Clock;
  readonly #options: CallLimitOptions & Pick<PeerOptions, "report">;
  readonly #addresses: TokenBuckets | undefined;

  private constructor(clock: Clock, options: CallLimitOptions & Pick<PeerOptions, "report">) {
    this.#clock = clock;
    this.#options = options;
    this.#addresses = options.addressCallRate === undefined ? undefined : new TokenBuckets(options.addressCallRate);
  }

  /** Makes a limiter, or none where nothing is limited. Throws a RangeError for a rate that lets nothing through. */
  static of(clock: Clock, options: CallLimitOptions & Pick<PeerOptions, "report">): CallLimit | undefined {
    checkRate("callRate", options.callRate);
    checkRate("addressCallRate", options.addressCallRate);
    return options.callRate === undefined && options.addressCallRate === undefined
      ? undefined
      : new CallLimit(clock, options);
  }

  /** Whether a frame goes no further; it has been answered then, where it is to be. */
  refuses(connection: LimitedConnection, text: string): boolean {
    // What begins like an answer is not parsed: while one is waited for, it is neither counted nor dropped.
    const answer = /^\s*\[\s*[345]\b/.test(text);
    if (answer && (connection.peer?.queued ?? 0) > 0) return false;
    if (this.#take(connection, text.length)) return false;
    if (answer) {
      this.#report(connection, { type: "unexpected-answer", why: "unknown", messageId: head.exec(text)?.[2] ?? "" });
      return true;
    }
    const refused = refusedOf(connection.protocol, text);
    if (typeof refused === "string") {
      this.#report(connection, { type: "malformed-frame", reason: refused, answered: false });
      return true;
    }
    const { type, id, action } = refused;
    const error = new OcppError("InternalError", "Too many calls: try again later");
    if (type === 2) this.#answer(connection, formatCallError(connection.protocol, 4, id, error));
    this.#report(connection, { type: "refused-call", action, messageId: messageIdText(id), error });
    return true;
  }

  #take(connection: LimitedConnection, length: number): boolean {
    const now = this.#clock.now();
    const { callRate } = this.#options;
    const count = 1 + Math.floor(length / weight);
    if (callRate !== undefined) {
      connection.bucket ??= new TokenBucket(callRate, now);
      if (!connection.bucket.take(now, count)) return false;
    }
    return this.#addresses?.of(connection.address, now).take(now, count) ?? true;
  }

  #answer(connection: LimitedConnection, text: string): void {
    try {
      connection.send(text);
    } catch {
      // The connection is about to go, and the call with it.
    }
  }

  #report({ identity }: LimitedConnection, report: Report): void {
    if (this.#options.report !== undefined) observe(() => this.#options.report?.(report, identity));
  }
}

/** The call or send that is refused; the reason where the text is none. */
function refusedOf(protocol: Protocol, text: string): Refused | string {
  if (text.length > parsedLength) {
    const [, type, id, action] = head.exec(text) ?? [];
    const number = Number(type);
    if (
      (number === 2 || number === 6) &&
      protocol.messageTypes.includes(number) &&
      id !== undefined &&
      action !== undefined
    ) {
      return { type: number, id, action };
    }
  }
  const frame = parseFrame(protocol, text);
  if (frame.type === 2 || frame.type === 6) return frame;
  return frame.type === "malformed" ? frame.reason : "The message is no call";
}
