/*
 * One end of a connection, whole: what comes in, what goes out and how it ends share the state of the connection, and cut
 * in pieces they would hand it to each other at every step. Queues, handler runs and frames are modules of their own.
 */
import { CallQueue, type QueuedCall } from "./call-queue.ts";
import type { Clock } from "./clock.ts";
import type { CompiledAction } from "./compiled-action.ts";
import { ConnectionError } from "./connection-error.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { codeOfViolation, readErrorCode } from "./error-code.ts";
import {
  type CallError,
  type CallResult,
  formatCallError,
  formatRequest,
  longestMessageId,
  type MessageId,
  messageIdText,
  parseFrame,
} from "./frame.ts";
import { HandlerQueue } from "./handler-queue.ts";
import type { Exchange, Interceptor, Next } from "./interceptor.ts";
import { OcppError } from "./ocpp-error.ts";
import type { CallOptions, CloseOptions, Closure } from "./peer.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Report } from "./report.ts";
import type { Sink, Transport } from "./transport.ts";
import type { Check } from "./validation.ts";
import type { Violation } from "./violation.ts";
import { describeViolation } from "./violation.ts";
import { ViolationError } from "./violation-error.ts";
import { observe } from "./watch-rejection.ts";

/** What a peer does: the sink of its transport, its own calls, the other side's calls, and the end of both. */
export class PeerEngine implements Engine, Sink {
  readonly endpoint: Endpoint<Protocol, Side>;
  readonly options: EngineOptions;
  readonly #interceptors: readonly Interceptor[];
  readonly #transport: Transport;
  #state: "open" | "closing" | "closed" = "open";
  #closure: Closure | undefined;
  #calls: CallQueue | undefined;
  #handlers: HandlerQueue | undefined;
  #controller: AbortController | undefined;
  #whenClosed: Promise<Closure> | undefined;
  #resolveClosed: ((closure: Closure) => void) | undefined;
  /** Asked at every step towards the end of a connection; each knows what it waits for. */
  #waiters: Set<() => void> | undefined;

  constructor(transport: Transport, endpoint: Endpoint<Protocol, Side>, options: EngineOptions) {
    const { interceptors } = options;
    this.#transport = transport;
    this.endpoint = endpoint;
    this.options = options;
    this.#interceptors =
      interceptors === undefined ? endpoint.interceptors : [...interceptors, ...endpoint.interceptors];
  }

  get identity(): string {
    return this.options.identity;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get state(): "open" | "closing" | "closed" {
    return this.#state;
  }

  get queued(): number {
    return this.#calls?.size ?? 0;
  }

  get handling(): number {
    return this.#handlers?.size ?? 0;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#closure !== undefined) this.#controller.abort(gone(this.#closure));
    return this.#controller.signal;
  }

  get whenClosed(): Promise<Closure> {
    return (this.#whenClosed ??= new Promise((resolve) => {
      if (this.#closure === undefined) this.#resolveClosed = resolve;
      else resolve(this.#closure);
    }));
  }

  /** Resolves when the connection is gone and no handler is left. */
  whenFinished(): Promise<void> {
    return this.#until(() => this.#state === "closed" && this.handling === 0);
  }

  message(text: string): void {
    // Before anybody is shown the frame, so that nothing told of it is older than its handler's `receivedAt`.
    const receivedAt = this.clock.now();
    this.#show("inbound", text);
    const frame = parseFrame(this.endpoint.protocol, text, this.options.messageIds);
    if (frame.type === 2 || frame.type === 6) {
      // Also where the connection goes or has gone: what has arrived is handled, whether or not the answer can leave.
      (this.#handlers ??= new HandlerQueue(this)).add(frame, text, receivedAt);
      return;
    }
    if (this.#state === "closed") return;
    switch (frame.type) {
      case 3:
      case 4:
        this.#answered(frame);
        return;
      case 5:
        this.report({ type: "result-refused", messageId: messageIdText(frame.id), error: this.#errorOf(frame) });
        return;
      case "malformed": {
        const { reason, answer } = frame;
        if (answer !== undefined) this.transmitError(4, answer.id, new OcppError(answer.code, reason));
        this.report({ type: "malformed-frame", reason, answered: answer !== undefined });
      }
    }
  }

  closed(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#closure = { code, reason };
    const error = gone(this.#closure);
    this.#calls?.clear(error.message);
    this.#controller?.abort(error);
    this.#resolveClosed?.(this.#closure);
    this.idle();
  }

  /** Rejects, and never throws. */
  call(name: string, request: unknown, options: CallOptions = {}): Promise<unknown> {
    try {
      const action = this.#outgoing(name, 2);
      const id = options.messageId ?? this.clock.messageId();
      if (id.length > longestMessageId)
        throw new RangeError(`The message id of ${name} has more than ${longestMessageId} characters`);
      return this.intercept("outbound", action, id, request, (sent) => this.#ask(action, id, sent, options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  send(name: string, request: unknown): void {
    const action = this.#outgoing(name, 6);
    if (this.#state !== "open") throw this.#notConnected(name);
    const id = this.clock.messageId();
    const delivery = this.intercept("outbound", action, id, request, (sent): undefined => {
      this.write(this.#format(action, id, sent));
    });
    delivery?.catch((error: unknown) => {
      this.reportFailure(name, id, error);
    });
  }

  async close({
    code = 1000,
    reason = "",
    timeout = 10_000,
    abortHandlers = false,
  }: CloseOptions = {}): Promise<Closure> {
    const deadline = this.clock.now() + timeout;
    const first = this.#state === "open";
    if (first) this.#state = "closing";
    if (first && timeout > 0) await this.#until(() => this.queued + this.handling === 0 || this.#closed(), deadline);
    if (first || timeout <= 0) this.#transport.close(code, reason);
    if (abortHandlers) {
      // What the other side had sent before it learnt of the end may still arrive.
      await this.#until(() => this.handling === 0 && this.#closed(), deadline);
      this.#handlers?.drop();
    }
    return this.whenClosed;
  }

  /** Takes a request through the interceptors to the innermost step; straight there where there are none. */
  intercept<T>(
    direction: Exchange["direction"],
    { name: action, type }: CompiledAction,
    messageId: string,
    request: unknown,
    innermost: (request: unknown) => T,
  ): T | Promise<unknown> {
    if (this.#interceptors.length === 0) return innermost(request);
    const { identity, endpoint } = this;
    const { side, protocol } = endpoint;
    const kind = type === 2 ? "call" : "send";
    const first = this.#interceptors.reduceRight<Next>(
      (next, interceptor) => interceptor(next),
      async (exchange) => innermost(exchange.request),
    );
    return Promise.resolve(
      first({ direction, kind, action, messageId, request, identity, side, protocol: protocol.subprotocol }),
    );
  }

  /** Runs a check, unless the policy is `off`, and reports what it finds. */
  inspect(check: Check, action: string, messageId: string, payload: unknown): Violation | undefined {
    const { direction, part, policy, tolerated, validate } = check;
    if (policy === "off") return undefined;
    const violation = validate(payload, tolerated);
    if (violation !== undefined) this.report({ type: "violation", direction, part, action, messageId, violation });
    return violation;
  }

  /** Hands a frame to the transport. Throws where that does not take it. */
  write(text: string): void {
    this.#transport.send(text);
    this.#show("outbound", text);
  }

  /** Hands an answer to the transport; whether it was taken. One that cannot leave is lost with its connection. */
  transmit(text: string): boolean {
    if (this.#state === "closed") return false;
    try {
      this.write(text);
      return true;
    } catch {
      return false;
    }
  }

  transmitError(type: 4 | 5, id: MessageId, error: OcppError): void {
    this.transmit(formatCallError(this.endpoint.protocol, type, id, error));
  }

  report(report: Report): void {
    if (this.options.report !== undefined) observe(() => this.options.report?.(report, this.identity));
  }

  /** Reports that code of the user's has thrown. */
  reportFailure(action: string, messageId: string, error: unknown): void {
    this.report({ type: "handler-failed", action, messageId, error });
  }

  /** Told by both queues when they have nothing left to do. */
  idle(): void {
    for (const check of this.#waiters ?? []) check();
  }

  #closed(): boolean {
    return this.#state === "closed";
  }

  /** Resolves when the condition holds, or at the deadline where there is one. Asked by `idle`. */
  #until(condition: () => boolean, deadline?: number): Promise<void> {
    if (condition()) return Promise.resolve();
    const waiters = (this.#waiters ??= new Set());
    return new Promise((resolve) => {
      const end = (): void => {
        waiters.delete(check);
        this.clock.clearTimer(timer);
        resolve();
      };
      const check = (): void => {
        if (condition()) end();
      };
      const timer =
        deadline === undefined ? undefined : this.clock.setTimer(end, Math.max(0, deadline - this.clock.now()));
      waiters.add(check);
    });
  }

  /** The action of a name that this side may send as that type of message. */
  #outgoing(name: string, type: CompiledAction["type"]): CompiledAction {
    const { compiled, protocol, side } = this.endpoint;
    const action = compiled.get(name);
    if (action === undefined) throw new TypeError(`${protocol.subprotocol} has no action ${JSON.stringify(name)}`);
    if (!action.outgoing)
      throw new TypeError(`${name} is sent by the ${side === "station" ? "csms" : "station"}, not by the ${side}`);
    if (action.type !== type)
      throw new TypeError(`${name} is ${type === 2 ? "not answered: use send()" : "answered: use call()"}`);
    return action;
  }

  #ask(
    action: CompiledAction,
    id: string,
    request: unknown,
    { timeout = this.options.callTimeout ?? 30_000, signal, sent }: CallOptions,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const text = this.#format(action, id, request);
      this.#calls ??= new CallQueue(this);
      this.#calls.add({ id, action, text, timeout, signal, sent, resolve, reject, onAbort: undefined });
    });
  }

  /** The frame of a request of ours. Throws where that may not leave or cannot be written. */
  #format(action: CompiledAction, id: string, request: unknown): string {
    const { name, type, quotedName, sentRequest } = action;
    if (this.#state !== "open") throw this.#notConnected(name);
    const violation = this.inspect(sentRequest, name, id, request);
    if (violation !== undefined && sentRequest.policy === "reject")
      throw new ViolationError(name, "request", violation);
    let payload: string | undefined;
    let cause: unknown;
    try {
      payload = JSON.stringify(request);
    } catch (error) {
      cause = error;
    }
    if (payload === undefined)
      throw new ConnectionError("unserializable", `The request of ${name} cannot be written as JSON`, { cause });
    return formatRequest(type, id, quotedName, payload);
  }

  #answered(frame: CallResult | CallError): void {
    const messageId = messageIdText(frame.id);
    const call = this.#calls?.take(messageId);
    if (call === undefined) {
      this.report({ type: "unexpected-answer", why: this.#calls?.pastOf(messageId) ?? "unknown", messageId });
      return;
    }
    try {
      if (frame.type === 3) this.#accept(call, frame);
      else call.reject(this.#errorOf(frame));
    } catch (error) {
      // A validator of the user's own that throws must not leave its call without an end, and the next ones waiting.
      call.reject(error);
    }
    this.#calls?.next();
  }

  #accept({ action, id, resolve, reject }: QueuedCall, { payload, id: answerId }: CallResult): void {
    const { name, receivedResponse } = action;
    let violation = this.inspect(receivedResponse, name, id, payload);
    // An answer without a payload is none under any policy.
    if (payload === undefined) violation ??= { kind: "type", path: [], message: "must be an object" };
    if (violation === undefined || (receivedResponse.policy !== "reject" && payload !== undefined)) {
      resolve(payload);
      return;
    }
    reject(new ViolationError(name, "response", violation));
    // Only OCPP 2.1 has an answer to a CALLRESULT; before, nothing goes back (OCPP-J 2.1 §4.2.3).
    if (this.endpoint.protocol.messageTypes.includes(5))
      this.transmitError(5, answerId, new OcppError(codeOfViolation(violation.kind), describeViolation(violation)));
  }

  #errorOf({ code, description, details }: CallError): OcppError {
    return new OcppError(readErrorCode(this.endpoint.protocol, code), description, { details, received: true });
  }

  #show(direction: "inbound" | "outbound", text: string): void {
    if (this.options.frames !== undefined) observe(() => this.options.frames?.(direction, text, this.identity));
  }

  #notConnected(name: string): ConnectionError {
    return new ConnectionError("not-connected", `${name} was not sent: the connection is ${this.#state}`);
  }
}

function gone({ code, reason }: Closure): ConnectionError {
  return new ConnectionError("closed", `the connection is gone (${code}${reason && ", "}${reason})`);
}
