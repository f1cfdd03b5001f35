import type { CompiledAction } from "./compiled-action.ts";
import { ConnectionError, type ConnectionErrorCode } from "./connection-error.ts";
import type { Engine } from "./engine.ts";
import { watchRejection } from "./watch-rejection.ts";

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
  /** Listens to the signal while the call is queued. */
  onAbort: (() => void) | undefined;
}

/** What became of the call that a stray answer belongs to: no answer came in time, it has one already, never heard of. */
export type PastCall = "late" | "duplicate" | "unknown";

/** How many finished calls are remembered, to tell a late or doubled answer from a stray one. */
const remembered = 16;

/**
 * The calls of one side of one connection: one is outstanding, the others wait in the order in which they came (OCPP-J
 * 2.0.1 §4.1.1). A call leaves by its answer, its timeout, its signal or the end of the connection, exactly once.
 */
export class CallQueue {
  readonly #engine: Engine;
  #current: QueuedCall | undefined;
  #timer: unknown;
  readonly #waiting: QueuedCall[] = [];
  readonly #past: { readonly id: string; readonly became: PastCall }[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** How many calls wait or are outstanding. */
  get size(): number {
    return (this.#current === undefined ? 0 : 1) + this.#waiting.length;
  }

  /** Takes a call in, and sends it at once if no other is there. */
  add(call: QueuedCall): void {
    const { signal } = call;
    const { callLimit = 1_000 } = this.#engine.options;
    const abort = (): void => {
      this.#fail(call, "aborted", "was aborted by its caller", { cause: signal?.reason });
      this.next();
    };
    this.#waiting.push(call);
    if (signal?.aborted === true) abort();
    else if (this.size > callLimit)
      this.#fail(call, "overloaded", `was not queued: ${callLimit} calls are waiting already`);
    else {
      signal?.addEventListener("abort", (call.onAbort = abort), { once: true });
      this.next();
    }
  }

  /** The call that an answer with this id belongs to, which thereby has been answered; `undefined` for a stray answer. */
  take(id: string): QueuedCall | undefined {
    const call = this.#current;
    return call?.id === id && this.#leave(call, "duplicate") ? call : undefined;
  }

  /** Why an answer that `take` did not know is stray. */
  pastOf(id: string): PastCall {
    return this.#past.find((call) => call.id === id)?.became ?? "unknown";
  }

  /** Sends the next call. To be called after each `take`, once the answer has been dealt with. */
  next(): void {
    while (this.#current === undefined) {
      const call = this.#waiting.shift();
      if (call === undefined) {
        this.#engine.idle();
        return;
      }
      this.#send(call);
    }
  }

  /** Ends all calls, since the connection is gone. */
  clear(reason: string): void {
    for (const call of [this.#current, ...this.#waiting]) {
      if (call === undefined) continue;
      this.#fail(call, "closed", `was not ${call === this.#current ? "answered" : "sent"}: ${reason}`);
    }
  }

  #send(call: QueuedCall): void {
    this.#current = call;
    this.#timer = this.#engine.clock.setTimer(() => {
      this.#fail(call, "timeout", `was not answered within ${call.timeout} ms`);
      this.next();
    }, call.timeout);
    try {
      this.#engine.write(call.text);
    } catch (cause) {
      this.#fail(call, "not-connected", "could not be sent", { cause });
      return;
    }
    const failed = (error: unknown): void => {
      this.#engine.reportFailure(call.action.name, call.id, error);
    };
    try {
      watchRejection(call.sent?.(call.id), failed);
    } catch (error) {
      failed(error);
    }
  }

  #fail(call: QueuedCall, code: ConnectionErrorCode, what: string, options?: { readonly cause: unknown }): void {
    if (this.#leave(call, "late")) call.reject(new ConnectionError(code, `${call.action.name} ${what}`, options));
  }

  /** Takes a call out; whether it was still there. */
  #leave(call: QueuedCall, became: PastCall): boolean {
    if (call === this.#current) {
      this.#engine.clock.clearTimer(this.#timer);
      this.#current = undefined;
      if (this.#past.push({ id: call.id, became }) > remembered) this.#past.shift();
    } else {
      const place = this.#waiting.indexOf(call);
      if (place < 0) return false;
      this.#waiting.splice(place, 1);
    }
    if (call.onAbort !== undefined) call.signal?.removeEventListener("abort", call.onAbort);
    return true;
  }
}
