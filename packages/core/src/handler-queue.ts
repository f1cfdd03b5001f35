import type { CompiledAction } from "./compiled-action.ts";
import { ConnectionError } from "./connection-error.ts";
import { codeOfViolation } from "./error-code.ts";
import { type Call, formatCallError, formatCallResult, type Send } from "./frame.ts";
import { HandlerRun } from "./handler-run.ts";
import { type Exchange, intercept } from "./interceptor.ts";
import { OcppError } from "./ocpp-error.ts";
import type { PeerEngine } from "./peer-engine.ts";
import { violationOf } from "./validation.ts";
import { describeViolation } from "./violation-error.ts";

interface Waiting {
  readonly frame: Call | Send;
  readonly action: CompiledAction;
  readonly receivedAt: number;
}

/**
 * The calls of the other side: handled in the order in which they arrived, one at a time unless the options say
 * otherwise. Each is answered exactly once, or not at all where the connection goes first.
 */
export class HandlerQueue {
  readonly #engine: PeerEngine;
  readonly #runs = new Set<HandlerRun>();
  readonly #waiting: Waiting[] = [];
  /** How many runs hold a turn. */
  #turns = 0;
  /** Whether `#next` is on the stack: a handler that answers at once must not start the next one from within itself. */
  #advancing = false;

  constructor(engine: PeerEngine) {
    this.#engine = engine;
  }

  /** How many calls are being handled or wait for it. */
  get size(): number {
    return this.#runs.size + this.#waiting.length;
  }

  /** Takes a call or send in: refuses it, starts its handler, or lets it wait. */
  add(frame: Call | Send): void {
    const { endpoint, options, clock } = this.#engine;
    const action = endpoint.compiled.get(frame.action);
    const refusal = this.#refusal(frame, action);
    if (refusal !== undefined) {
      this.#refuse(frame, refusal);
      return;
    }
    if (frame.type === 2 && this.#handles(frame)) {
      this.#engine.report({ type: "duplicate-call", action: frame.action, messageId: String(frame.id) });
      this.#engine.transmit(
        formatCallError(
          endpoint.protocol,
          4,
          frame.id,
          new OcppError("RpcFrameworkError", "A call with this message id is being handled already"),
        ),
      );
      return;
    }
    if (action === undefined) return;
    const waiting: Waiting = { frame, action, receivedAt: clock.now() };
    if (this.#turns < (options.concurrency ?? 1)) this.#start(waiting);
    else if (this.#waiting.length < (options.handlerLimit ?? 100)) this.#waiting.push(waiting);
    else this.#refuse(frame, new OcppError("InternalError", "Too many calls are waiting to be handled"));
  }

  /** Ends everything: handlers see their signals abort, and none of them answers any more. */
  clear(reason: unknown): void {
    this.#waiting.length = 0;
    for (const run of this.#runs) {
      this.#engine.clock.clearTimer(run.timer);
      run.abort(reason);
    }
  }

  yieldTurn(run: HandlerRun): void {
    if (!run.holdsTurn) return;
    run.holdsTurn = false;
    this.#turns -= 1;
    this.#next();
  }

  #refusal(frame: Call | Send, action: CompiledAction | undefined): OcppError | undefined {
    const { protocol, side } = this.#engine.endpoint;
    if (action?.handler !== undefined) {
      if (action.answered === (frame.type === 2)) return undefined;
      return new OcppError(
        "NotSupported",
        `${action.name} is ${action.answered ? "a call and not a send" : "a send and not a call"}`,
      );
    }
    const known = action !== undefined || Object.hasOwn(protocol.names, frame.action);
    if (!known) return new OcppError("NotImplemented", `${protocol.subprotocol} has no such action`);
    const sender = action === undefined ? protocol.names[frame.action] : undefined;
    if (
      sender === side ||
      (action?.outgoing === true && action.handler === undefined && protocol.names[frame.action] === side)
    ) {
      return new OcppError("NotSupported", `${frame.action} is sent by the ${side}, not to it`);
    }
    return new OcppError("NotSupported", `${frame.action} is not supported here`);
  }

  #refuse(frame: Call | Send, error: OcppError): void {
    this.#engine.report({ type: "refused-call", action: frame.action, messageId: String(frame.id), error });
    // A SEND is never answered, not even a wrong one (OCPP-J 2.1 §4.2.4).
    if (frame.type === 2) this.#engine.transmit(formatCallError(this.#engine.endpoint.protocol, 4, frame.id, error));
  }

  #handles(frame: Call): boolean {
    if (this.#runs.size === 0) return false;
    const id = String(frame.id);
    for (const run of this.#runs) if (run.wanted && run.frame.type === 2 && run.messageId === id) return true;
    return this.#waiting.some((other) => other.frame.type === 2 && String(other.frame.id) === id);
  }

  #next(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#turns < (this.#engine.options.concurrency ?? 1)) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) break;
      this.#start(waiting);
    }
    this.#advancing = false;
    if (this.size === 0) this.#engine.idle();
  }

  #start({ frame, action, receivedAt }: Waiting): void {
    const run = new HandlerRun(this.#engine, this, frame, receivedAt);
    this.#runs.add(run);
    this.#turns += 1;
    let result: unknown;
    let promise: Promise<unknown> | undefined;
    try {
      result =
        this.#engine.interceptors.length === 0
          ? this.#execute(action, run, frame.payload)
          : this.#intercepted(action, run);
      if (isPromise(result)) promise = Promise.resolve(result);
    } catch (error) {
      this.#fail(run, error);
      return;
    }
    if (promise === undefined) {
      this.#finish(run, action, result);
      return;
    }
    const deadline = this.#engine.options.handlerTimeout ?? 30_000;
    run.timer = this.#engine.clock.setTimer(() => {
      this.#expire(run, deadline);
    }, deadline);
    promise.then(
      (value) => {
        this.#finish(run, action, value);
      },
      (error: unknown) => {
        this.#fail(run, error);
      },
    );
  }

  async #intercepted(action: CompiledAction, run: HandlerRun): Promise<unknown> {
    const next = intercept(this.#engine.interceptors, async (exchange: Exchange) =>
      this.#execute(action, run, exchange.request),
    );
    return next(
      this.#engine.exchange(
        "inbound",
        run.frame.type === 2 ? "call" : "send",
        run.action,
        run.messageId,
        run.frame.payload,
      ),
    );
  }

  #execute(action: CompiledAction, run: HandlerRun, request: unknown): unknown {
    const violation = violationOf(action.receivedRequest, request);
    if (violation !== undefined) {
      this.#engine.report({
        type: "violation",
        direction: "inbound",
        part: "request",
        action: run.action,
        messageId: run.messageId,
        violation,
      });
      if (action.receivedRequest.policy === "reject")
        throw new OcppError(codeOfViolation(violation.kind), describeViolation(violation));
      run.violation = violation;
    }
    return action.handler?.(request, run as never);
  }

  #expire(run: HandlerRun, deadline: number): void {
    run.abort(new ConnectionError("timeout", `The handler of ${run.action} took longer than ${deadline} ms`));
    this.#answer(run, new OcppError("InternalError", `${run.action} took too long`));
    this.#runs.delete(run);
    this.#done(run);
  }

  #finish(run: HandlerRun, action: CompiledAction, response: unknown): void {
    if (!this.#leave(run)) return;
    if (run.frame.type === 2) this.#respond(run, action, response);
    this.#done(run);
  }

  #respond(run: HandlerRun, action: CompiledAction, response: unknown): void {
    const payload = this.#serialize(run, action, response);
    if (payload === undefined) {
      this.#answer(run, new OcppError("InternalError", `The response to ${run.action} is not valid`));
    } else if (this.#engine.transmit(formatCallResult(run.frame.id, payload))) {
      run.runTasks((error) => {
        this.#engine.report({ type: "handler-failed", action: run.action, messageId: run.messageId, error });
      });
    }
  }

  /** The response as JSON; `undefined` where it is refused by its schema or cannot be written. */
  #serialize(run: HandlerRun, action: CompiledAction, response: unknown): string | undefined {
    try {
      const violation = violationOf(action.sentResponse, response);
      if (violation !== undefined) {
        this.#engine.report({
          type: "violation",
          direction: "outbound",
          part: "response",
          action: run.action,
          messageId: run.messageId,
          violation,
        });
        if (action.sentResponse.policy === "reject") return undefined;
      }
      return JSON.stringify(response);
    } catch (error) {
      // Code of the response itself may throw: a getter that loads lazily, a `toJSON`.
      this.#engine.report({ type: "handler-failed", action: run.action, messageId: run.messageId, error });
      return undefined;
    }
  }

  #fail(run: HandlerRun, error: unknown): void {
    const travels = OcppError.is(error) && !error.received;
    if (!travels) this.#engine.report({ type: "handler-failed", action: run.action, messageId: run.messageId, error });
    if (!this.#leave(run)) return;
    this.#answer(run, travels ? error : new OcppError("InternalError", `${run.action} could not be processed`));
    this.#done(run);
  }

  #answer(run: HandlerRun, error: OcppError): void {
    if (run.frame.type === 2)
      this.#engine.transmit(formatCallError(this.#engine.endpoint.protocol, 4, run.frame.id, error));
  }

  /** Takes a run out that has come to its end; whether its result is still wanted. */
  #leave(run: HandlerRun): boolean {
    this.#engine.clock.clearTimer(run.timer);
    this.#runs.delete(run);
    if (run.wanted) return true;
    this.#engine.report({ type: "handler-late", action: run.action, messageId: run.messageId });
    this.#done(run);
    return false;
  }

  #done(run: HandlerRun): void {
    if (run.holdsTurn) {
      run.holdsTurn = false;
      this.#turns -= 1;
    }
    this.#next();
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
