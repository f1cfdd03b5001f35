import type { Clock } from "./clock.ts";
import type { CompiledAction } from "./compiled-action.ts";
import { ConnectionError } from "./connection-error.ts";

/** A call that waits for its turn or for its answer. */
export interface QueuedCall {
  readonly id: string;
  readonly action: CompiledAction;
  /** The whole frame. */
  readonly text: string;
  /** Milliseconds from the moment it is sent until it counts as unanswered. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Told when the frame has been handed to the transport. */
  readonly sent: ((id: string) => void) | undefined;
  /** Takes the answer. */
  readonly resolve: (payload: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Entry {
  readonly call: QueuedCall;
  onAbort: (() => void) | undefined;
}

/** What became of the calls whose ids are remembered. */
export type PastCall = "late" | "duplicate" | "unknown";

/** How many finished calls are remembered, to tell a late or doubled answer from a stray one. */
const remembered = 16;

/**
 * The calls of one side of one connection: one is outstanding, the others wait in the order in which they came (OCPP-J
 * 2.0.1 §4.1.1). A call leaves by its answer, its timeout, its signal or the end of the connection, exactly once.
 */
export class CallQueue {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #send: (text: string) => void;
  readonly #idle: () => void;
  #current: Entry | undefined;
  #timer: unknown;
  #waiting: Entry[] | undefined;
  #past: { readonly id: string; readonly answered: boolean }[] | undefined;

  /** `send` hands a frame to the transport and may throw; `idle` is called when the last call has left. */
  constructor(clock: Clock, limit: number, send: (text: string) => void, idle: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#send = send;
    this.#idle = idle;
  }

  /** How many calls wait or are outstanding. */
  get size(): number {
    return (this.#current === undefined ? 0 : 1) + (this.#waiting?.length ?? 0);
  }

  /** Takes a call in, and sends it at once if no other is there. */
  add(call: QueuedCall): void {
    if (call.signal?.aborted === true) {
      call.reject(aborted(call, call.signal));
      return;
    }
    if (this.size >= this.#limit) {
      call.reject(
        new ConnectionError(
          "overloaded",
          `${call.action.name} was not queued: ${this.#limit} calls are waiting already`,
        ),
      );
      return;
    }
    const entry: Entry = { call, onAbort: undefined };
    if (call.signal !== undefined) {
      const signal = call.signal;
      entry.onAbort = () => {
        this.#abort(entry, signal);
      };
      signal.addEventListener("abort", entry.onAbort, { once: true });
    }
    if (this.size === 0) this.#dispatch(entry);
    else (this.#waiting ??= []).push(entry);
  }

  /** The call that an answer with this id belongs to, which thereby has been answered; `undefined` for a stray answer. */
  take(id: string): QueuedCall | undefined {
    const entry = this.#current;
    if (entry === undefined || entry.call.id !== id) return undefined;
    this.#leave(entry, true);
    return entry.call;
  }

  /** Why an answer that `take` did not know is stray. */
  pastOf(id: string): PastCall {
    const past = this.#past?.find((call) => call.id === id);
    if (past === undefined) return "unknown";
    return past.answered ? "duplicate" : "late";
  }

  /** Sends the next call. To be called after each `take`, once the answer has been dealt with. */
  next(): void {
    while (this.#current === undefined) {
      const entry = this.#waiting?.shift();
      if (entry === undefined) {
        this.#idle();
        return;
      }
      this.#dispatch(entry);
    }
  }

  /** Ends all calls with the error that `reason` makes for each. */
  clear(reason: (call: QueuedCall, sent: boolean) => ConnectionError): void {
    const current = this.#current;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (current !== undefined) {
      this.#leave(current, false);
      current.call.reject(reason(current.call, true));
    }
    for (const entry of waiting) {
      this.#forget(entry);
      entry.call.reject(reason(entry.call, false));
    }
  }

  #dispatch(entry: Entry): void {
    const { call } = entry;
    this.#current = entry;
    this.#timer = this.#clock.setTimer(() => {
      this.#leave(entry, false);
      call.reject(new ConnectionError("timeout", `${call.action.name} was not answered within ${call.timeout} ms`));
      this.next();
    }, call.timeout);
    try {
      this.#send(call.text);
    } catch (cause) {
      if (this.#current !== entry) return;
      this.#leave(entry, false);
      call.reject(new ConnectionError("not-connected", `${call.action.name} could not be sent`, { cause }));
      return;
    }
    call.sent?.(call.id);
  }

  #abort(entry: Entry, signal: AbortSignal): void {
    if (this.#current === entry) {
      this.#leave(entry, false);
      entry.call.reject(aborted(entry.call, signal));
      this.next();
      return;
    }
    const place = this.#waiting?.indexOf(entry) ?? -1;
    if (place < 0) return;
    this.#waiting?.splice(place, 1);
    entry.call.reject(aborted(entry.call, signal));
  }

  #leave(entry: Entry, answered: boolean): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    this.#forget(entry);
    this.#past ??= [];
    if (this.#past.push({ id: entry.call.id, answered }) > remembered) this.#past.shift();
  }

  #forget(entry: Entry): void {
    if (entry.onAbort !== undefined) entry.call.signal?.removeEventListener("abort", entry.onAbort);
    entry.onAbort = undefined;
  }
}

function aborted(call: QueuedCall, signal: AbortSignal): ConnectionError {
  return new ConnectionError("aborted", `${call.action.name} was aborted by its caller`, { cause: signal.reason });
}
