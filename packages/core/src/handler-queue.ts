import { ConnectionError } from "./connection-error.ts";
import type { Engine } from "./engine.ts";
import { codeOfViolation } from "./error-code.ts";
import { type Call, formatCallResult, messageIdText, type Send } from "./frame.ts";
import { HandlerRun } from "./handler-run.ts";
import { OcppError } from "./ocpp-error.ts";
import { ownProperty } from "./own-property.ts";
import { describeViolation } from "./violation.ts";

/**
 * The calls of the other side: handled in the order in which they arrived, one at a time unless the options say
 * otherwise. Each is answered exactly once, or not at all where the connection goes first; handled it is all the same. Only
 * its deadline and `drop` end a run early, and both are reported.
 */
export class HandlerQueue {
  readonly #engine: Engine;
  /** All runs that have not come to their end, those that wait among them. */
  readonly #runs = new Set<HandlerRun>();
  readonly #waiting: HandlerRun[] = [];
  /** How many characters the frames of those have that wait. */
  #backlog = 0;
  /** How many runs hold a turn. */
  #turns = 0;
  /** Whether `drop` was called: nothing is handled any more. */
  #dropped = false;
  /** Whether `#next` is on the stack: a handler that answers at once must not start the next one from within itself. */
  #advancing = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** How many calls are being handled or wait for it. */
  get size(): number {
    return this.#runs.size;
  }

  /** Takes a call or send in, with its text and the time of its arrival: refuses it, starts its handler, or lets it wait. */
  add(frame: Call | Send, text: string, receivedAt: number): void {
    const { endpoint, options } = this.#engine;
    const action = endpoint.compiled.get(frame.action);
    if (action?.handler === undefined || action.type !== frame.type) {
      this.#refuse(frame, this.#refusal(frame));
      return;
    }
    const run = new HandlerRun(this.#engine, this, action, frame, text, receivedAt);
    if (this.#dropped) {
      this.#reportDrop(run, "aborted");
      return;
    }
    if (frame.type === 2 && this.#handles(run.messageId)) {
      this.#engine.report({ type: "duplicate-call", action: run.action, messageId: run.messageId });
      this.#answer(frame, new OcppError("RpcFrameworkError", "A call with this message id is being handled already"));
    } else if (this.#turns < (options.concurrency ?? 1)) {
      this.#runs.add(run);
      this.#start(run);
    } else if (this.#hasRoom(text.length)) {
      this.#runs.add(run);
      this.#waiting.push(run);
      this.#backlog += text.length;
    } else this.#refuse(frame, new OcppError("InternalError", "Too many calls are waiting to be handled"));
  }

  /**
   * Drops and reports what has not come to its end, and whatever still arrives: the signals of handlers abort, and calls
   * that wait are not handled.
   */
  drop(): void {
    this.#dropped = true;
    this.#waiting.length = 0;
    this.#backlog = 0;
    for (const run of this.#runs) {
      this.#engine.clock.clearTimer(run.timer);
      run.abort(new ConnectionError("aborted", `The handler of ${run.action} was aborted: the peer was closed`));
      this.#reportDrop(run, "aborted");
    }
    this.#runs.clear();
    this.#engine.idle();
  }

  /** Lets the next call be handled: a run has come to its end, or waits for an answer of the other side. */
  yieldTurn(run: HandlerRun): void {
    if (run.holdsTurn) this.#turns -= 1;
    run.holdsTurn = false;
    this.#next();
  }

  /** Why a frame has no handler. */
  #refusal({ action: name }: Call | Send): OcppError {
    const { compiled, protocol, side } = this.#engine.endpoint;
    const action = compiled.get(name);
    const sender = ownProperty(protocol.names, name);
    if (action?.handler !== undefined)
      return new OcppError(
        "NotSupported",
        `${name} is ${action.type === 2 ? "a call and not a send" : "a send and not a call"}`,
      );
    if (sender === side) return new OcppError("NotSupported", `${name} is sent by the ${side}, not to it`);
    return action === undefined && sender === undefined
      ? new OcppError("NotImplemented", `${protocol.subprotocol} has no such action`)
      : new OcppError("NotSupported", `${name} is not supported here`);
  }

  #refuse(frame: Call | Send, error: OcppError): void {
    this.#engine.report({ type: "refused-call", action: frame.action, messageId: messageIdText(frame.id), error });
    this.#answer(frame, error);
  }

  #reportDrop({ action, messageId }: HandlerRun, why: "timeout" | "aborted"): void {
    this.#engine.report({ type: "call-dropped", action, messageId, why });
  }

  /** Whether one more call may wait. One may always, however long it is, so that nothing is refused for its length alone. */
  #hasRoom(length: number): boolean {
    const { handlerLimit = 100, handlerBacklog = 2_097_152 } = this.#engine.options;
    const count = this.#waiting.length;
    return count < handlerLimit && (count === 0 || this.#backlog + length <= handlerBacklog);
  }

  #handles(messageId: string): boolean {
    for (const run of this.#runs) if (run.wanted && run.frame.type === 2 && run.messageId === messageId) return true;
    return false;
  }

  #next(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#turns < (this.#engine.options.concurrency ?? 1)) {
      const run = this.#waiting.shift();
      if (run === undefined) break;
      this.#backlog -= run.length;
      this.#start(run);
    }
    this.#advancing = false;
    if (this.size === 0) this.#engine.idle();
  }

  #start(run: HandlerRun): void {
    const { messageId, compiled, frame } = run;
    run.holdsTurn = true;
    this.#turns += 1;
    let result: unknown;
    try {
      result = this.#engine.intercept("inbound", compiled, messageId, frame.payload, (request) =>
        this.#run(run, request),
      );
      if (typeof (result as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function") {
        const promise = Promise.resolve(result);
        const deadline = this.#engine.options.handlerTimeout ?? 30_000;
        run.timer = this.#engine.clock.setTimer(() => {
          this.#expire(run, deadline);
        }, deadline);
        promise.then(
          (value) => {
            this.#finish(run, value);
          },
          (error: unknown) => {
            this.#fail(run, error);
          },
        );
        return;
      }
    } catch (error) {
      this.#fail(run, error);
      return;
    }
    this.#finish(run, result);
  }

  /** Checks the request and runs the handler. */
  #run(run: HandlerRun, request: unknown): unknown {
    const { handler, receivedRequest } = run.compiled;
    const violation = this.#engine.inspect(receivedRequest, run.action, run.messageId, request);
    if (violation !== undefined && receivedRequest.policy === "reject")
      throw new OcppError(codeOfViolation(violation.kind), describeViolation(violation));
    run.violation = violation;
    return handler?.(request, run as never);
  }

  #expire(run: HandlerRun, deadline: number): void {
    run.abort(new ConnectionError("timeout", `The handler of ${run.action} took longer than ${deadline} ms`));
    this.#reportDrop(run, "timeout");
    this.#answer(run.frame, new OcppError("InternalError", `${run.action} took too long`));
    this.#runs.delete(run);
    this.yieldTurn(run);
  }

  #fail(run: HandlerRun, error: unknown): void {
    const travels = OcppError.is(error) && !error.received;
    if (!travels) this.#engine.reportFailure(run.action, run.messageId, error);
    this.#finish(
      run,
      undefined,
      travels ? error : new OcppError("InternalError", `${run.action} could not be processed`),
    );
  }

  /** Takes a run out that has come to its end, and answers it with the error or the response if that is still wanted. */
  #finish(run: HandlerRun, response: unknown, error?: OcppError): void {
    this.#engine.clock.clearTimer(run.timer);
    this.#runs.delete(run);
    if (!run.wanted || this.#engine.state === "closed")
      this.#engine.report({ type: "handler-late", action: run.action, messageId: run.messageId });
    else if (error !== undefined) this.#answer(run.frame, error);
    else if (run.frame.type === 2) this.#respond(run, response);
    this.yieldTurn(run);
  }

  #respond(run: HandlerRun, response: unknown): void {
    const { sentResponse } = run.compiled;
    let payload: string | undefined;
    try {
      const violation = this.#engine.inspect(sentResponse, run.action, run.messageId, response);
      if (violation === undefined || sentResponse.policy !== "reject") payload = JSON.stringify(response);
    } catch (error) {
      // Code of the response itself may throw: a getter that loads lazily, a `toJSON`.
      this.#engine.reportFailure(run.action, run.messageId, error);
    }
    if (payload === undefined)
      this.#answer(run.frame, new OcppError("InternalError", `The response to ${run.action} is not valid`));
    else if (this.#engine.transmit(formatCallResult(run.frame.id, payload))) run.runTasks();
  }

  /** A SEND is never answered, not even a wrong one (OCPP-J 2.1 §4.2.4). */
  #answer(frame: Call | Send, error: OcppError): void {
    if (frame.type === 2) this.#engine.transmitError(4, frame.id, error);
  }
}
