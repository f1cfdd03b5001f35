import type { CompiledAction } from "./compiled-action.ts";
import type { Engine } from "./engine.ts";
import { type Call, messageIdText, payloadText, type Send } from "./frame.ts";
import type { AnyContext } from "./handler.ts";
import { PeerHandle } from "./peer-handle.ts";
import type { Violation } from "./violation.ts";

/** What a run tells the queue that started it. */
export interface TurnKeeper {
  /** The run waits for an answer of the other side and does not mind if others go on. */
  yieldTurn(run: HandlerRun): void;
}

/** One call that waits for its handler or that a handler is working on; the handler sees it as its context. */
export class HandlerRun implements AnyContext {
  readonly compiled: CompiledAction;
  readonly frame: Call | Send;
  readonly messageId: string;
  readonly receivedAt: number;
  violation: Violation | undefined;
  /** Whether it holds a turn; it gives it up by calling back, and when it is done. */
  holdsTurn = false;
  /** Whether its result is still wanted. */
  wanted = true;
  /** The timer of its deadline, where it has one. */
  timer: unknown;
  readonly #engine: Engine;
  readonly #turns: TurnKeeper;
  readonly #text: string;
  #controller: AbortController | undefined;
  #reason: unknown;
  #tasks: (() => void | Promise<void>)[] | undefined;
  #peer: PeerHandle | undefined;

  /** `text` is the frame as it came. */
  constructor(
    engine: Engine,
    turns: TurnKeeper,
    compiled: CompiledAction,
    frame: Call | Send,
    text: string,
    receivedAt: number,
  ) {
    this.#engine = engine;
    this.#text = text;
    this.#turns = turns;
    this.compiled = compiled;
    this.frame = frame;
    this.messageId = messageIdText(frame.id);
    this.receivedAt = receivedAt;
  }

  get action(): string {
    return this.compiled.name;
  }

  get identity(): string {
    return this.#engine.identity;
  }

  get info(): unknown {
    return this.#engine.options.info;
  }

  get requestText(): string {
    return payloadText(this.#text);
  }

  /** How many characters the frame has. */
  get length(): number {
    return this.#text.length;
  }

  get peer(): PeerHandle {
    return (this.#peer ??= new PeerHandle(this.#engine, () => {
      this.#turns.yieldTurn(this);
    }));
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (!this.wanted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  get connectionSignal(): AbortSignal {
    return this.#engine.signal;
  }

  /** Makes the result unwanted and tells the handler by its signal. */
  abort(reason: unknown): void {
    this.wanted = false;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  /** A function of its own, so that a handler may take it off the context. */
  get afterResponse(): (task: () => void | Promise<void>) => void {
    return (task) => {
      (this.#tasks ??= []).push(task);
    };
  }

  /** Runs what was left for after the response, one task after the other. */
  runTasks(): void {
    if (this.#tasks !== undefined) void this.#runEach(this.#tasks);
  }

  async #runEach(tasks: readonly (() => void | Promise<void>)[]): Promise<void> {
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        this.#engine.reportFailure(this.action, this.messageId, error);
      }
    }
  }
}
