/*
 * One end of a connection, whole: what comes in, what goes out and how it ends share the state of the connection, and cut
 * in pieces they would hand it to each other at every step. Queues, handler runs and frames are modules of their own.
 */
import { CallQueue } from "./call-queue.ts";
import type { Clock } from "./clock.ts";
import { type CompiledAction } from "./compiled-action.ts";
import { ConnectionError } from "./connection-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { codeOfViolation, readErrorCode } from "./error-code.ts";
import { type CallError, type CallResult, formatCall, formatCallError, formatSend, parseFrame } from "./frame.ts";
import { HandlerQueue } from "./handler-queue.ts";
import { type Exchange, type Interceptor, intercept } from "./interceptor.ts";
import { OcppError } from "./ocpp-error.ts";
import type { CallOptions, CloseOptions, Closure, PeerOptions } from "./peer.ts";
import type { Protocol, Side, Violation } from "./protocol.ts";
import type { Report } from "./report.ts";
import type { Sink, Transport } from "./transport.ts";
import { violationOf } from "./validation.ts";
import { describeViolation, ViolationError } from "./violation-error.ts";

/** The options of a peer with the defaults that the engine cannot do without. */
export type EngineOptions = PeerOptions & { readonly identity: string; readonly clock: Clock };

/** What a peer does: the sink of its transport, its own calls, the other side's calls, and the end of both. */
export class PeerEngine implements Sink {
  readonly endpoint: Endpoint<Protocol, Side>;
  readonly options: EngineOptions;
  readonly interceptors: readonly Interceptor[];
  readonly #transport: Transport;
  #state: "open" | "closing" | "closed" = "open";
  #closure: Closure | undefined;
  #calls: CallQueue | undefined;
  #handlers: HandlerQueue | undefined;
  #controller: AbortController | undefined;
  #whenClosed: { readonly promise: Promise<Closure>; readonly resolve: (closure: Closure) => void } | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(transport: Transport, endpoint: Endpoint<Protocol, Side>, options: EngineOptions) {
    this.#transport = transport;
    this.endpoint = endpoint;
    this.options = options;
    this.interceptors =
      options.interceptors === undefined ? endpoint.interceptors : [...options.interceptors, ...endpoint.interceptors];
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

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#closure !== undefined) this.#controller.abort(this.#gone(this.#closure));
    }
    return this.#controller.signal;
  }

  get whenClosed(): Promise<Closure> {
    if (this.#closure !== undefined) return Promise.resolve(this.#closure);
    if (this.#whenClosed === undefined) {
      let settle: (closure: Closure) => void = () => {};
      const promise = new Promise<Closure>((resolve) => {
        settle = resolve;
      });
      this.#whenClosed = { promise, resolve: settle };
    }
    return this.#whenClosed.promise;
  }

  message(text: string): void {
    if (this.#state === "closed") return;
    this.#show("inbound", text);
    const frame = parseFrame(this.endpoint.protocol, text);
    switch (frame.type) {
      case 2:
      case 6:
        // While closing, a new call stays unanswered: its sender repeats it on the next connection.
        if (this.#state === "open") (this.#handlers ??= new HandlerQueue(this)).add(frame);
        return;
      case 3:
        this.#answered(frame);
        return;
      case 4:
        this.#refused(frame);
        return;
      case 5:
        this.report({ type: "result-refused", messageId: String(frame.id), error: this.#readError(frame) });
        return;
      case "malformed": {
        const { reason, answer } = frame;
        if (answer !== undefined)
          this.transmit(formatCallError(this.endpoint.protocol, 4, answer.id, new OcppError(answer.code, reason)));
        this.report({ type: "malformed-frame", reason, answered: answer !== undefined });
        return;
      }
    }
  }

  closed(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    const closure: Closure = { code, reason };
    this.#closure = closure;
    const gone = this.#gone(closure);
    this.#handlers?.clear(gone);
    this.#calls?.clear(
      (call, sent) =>
        new ConnectionError("closed", `${call.action.name} was ${sent ? "not answered" : "not sent"}: ${gone.message}`),
    );
    this.#controller?.abort(gone);
    this.#whenClosed?.resolve(closure);
    this.#whenIdle?.();
  }

  async call(name: string, request: unknown, options: CallOptions = {}): Promise<unknown> {
    const action = this.#outgoing(name);
    if (!action.answered) throw new TypeError(`${name} is not answered: use send()`);
    const id = options.messageId ?? this.clock.messageId();
    if (this.interceptors.length === 0) return this.#ask(action, id, request, options);
    const next = intercept(this.interceptors, (exchange) => this.#ask(action, id, exchange.request, options));
    return next(this.exchange("outbound", "call", name, id, request));
  }

  send(name: string, request: unknown): void {
    const action = this.#outgoing(name);
    if (action.answered) throw new TypeError(`${name} is answered: use call()`);
    if (this.#state !== "open") throw this.#notConnected(name);
    const id = this.clock.messageId();
    const deliver = (sent: unknown): void => {
      this.#checkRequest(action, id, sent);
      this.#write(formatSend(id, name, serialize(name, sent)), name);
    };
    if (this.interceptors.length === 0) {
      deliver(request);
      return;
    }
    const next = intercept(this.interceptors, async (exchange) => {
      deliver(exchange.request);
    });
    next(this.exchange("outbound", "send", name, id, request)).catch((error: unknown) => {
      this.report({ type: "handler-failed", action: name, messageId: id, error });
    });
  }

  async close({ code = 1000, reason = "", timeout = 10_000 }: CloseOptions = {}): Promise<Closure> {
    if (this.#state === "open") {
      this.#state = "closing";
      if (timeout > 0 && this.#busy()) await this.#settle(timeout);
      this.#transport.close(code, reason);
    } else if (this.#state === "closing" && timeout === 0) {
      this.#transport.close(code, reason);
    }
    return this.whenClosed;
  }

  /** Hands a frame to the transport; whether it was taken. An answer that cannot leave is lost with its connection. */
  transmit(text: string): boolean {
    if (this.#state === "closed") return false;
    try {
      this.#transport.send(text);
    } catch {
      return false;
    }
    this.#show("outbound", text);
    return true;
  }

  report(report: Report): void {
    try {
      this.options.report?.(report, this.identity);
    } catch {
      // An observer must not change what a peer does.
    }
  }

  exchange(
    direction: Exchange["direction"],
    kind: Exchange["kind"],
    action: string,
    messageId: string,
    request: unknown,
  ): Exchange {
    const { side, protocol } = this.endpoint;
    return {
      direction,
      kind,
      action,
      messageId,
      request,
      identity: this.identity,
      side,
      protocol: protocol.subprotocol,
    };
  }

  /** Told by both queues when they have nothing left to do. */
  idle(): void {
    if (this.#whenIdle !== undefined && !this.#busy()) this.#whenIdle();
  }

  #busy(): boolean {
    return (this.#calls?.size ?? 0) > 0 || (this.#handlers?.size ?? 0) > 0;
  }

  /** Waits until calls in flight have finished, the time is up or the connection is gone. */
  #settle(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(resolve, timeout);
      this.#whenIdle = () => {
        this.#whenIdle = undefined;
        this.clock.clearTimer(timer);
        resolve();
      };
    });
  }

  #outgoing(name: string): CompiledAction {
    const { compiled, protocol, side } = this.endpoint;
    const action = compiled.get(name);
    if (action === undefined) throw new TypeError(`${protocol.subprotocol} has no action ${JSON.stringify(name)}`);
    if (!action.outgoing)
      throw new TypeError(`${name} is sent by the ${side === "station" ? "csms" : "station"}, not by the ${side}`);
    return action;
  }

  #ask(action: CompiledAction, id: string, request: unknown, options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#state !== "open") throw this.#notConnected(action.name);
      this.#checkRequest(action, id, request);
      const text = formatCall(id, action.name, serialize(action.name, request));
      this.#calls ??= new CallQueue(
        this.clock,
        this.options.callLimit ?? 1_000,
        (frame) => {
          this.#write(frame, action.name);
        },
        () => {
          this.idle();
        },
      );
      this.#calls.add({
        id,
        action,
        text,
        timeout: options.timeout ?? this.options.callTimeout ?? 30_000,
        signal: options.signal,
        sent: options.sent === undefined ? undefined : this.#guarded(action.name, options.sent),
        resolve,
        reject,
      });
    });
  }

  #guarded(action: string, sent: (id: string) => void): (id: string) => void {
    return (id) => {
      try {
        sent(id);
      } catch (error) {
        this.report({ type: "handler-failed", action, messageId: id, error });
      }
    };
  }

  #answered(frame: CallResult): void {
    const call = this.#take(frame.id);
    if (call === undefined) return;
    const { action, id } = call;
    let violation: Violation | undefined;
    try {
      violation = violationOf(action.receivedResponse, frame.payload) ?? notAnObject(frame.payload);
    } catch (error) {
      // A validator of the user's own that throws must not leave its call without an end, and the next ones waiting.
      call.reject(error);
      this.#calls?.next();
      return;
    }
    if (violation !== undefined) {
      this.report({
        type: "violation",
        direction: "inbound",
        part: "response",
        action: action.name,
        messageId: id,
        violation,
      });
    }
    if (violation === undefined || (action.receivedResponse.policy !== "reject" && frame.payload !== undefined)) {
      call.resolve(frame.payload);
    } else {
      call.reject(new ViolationError(action.name, "response", violation));
      // Only OCPP 2.1 has an answer to a CALLRESULT; before, nothing goes back (OCPP-J 2.1 §4.2.3).
      if (this.endpoint.protocol.messageTypes.includes(5)) {
        const error = new OcppError(codeOfViolation(violation.kind), describeViolation(violation));
        this.transmit(formatCallError(this.endpoint.protocol, 5, frame.id, error));
      }
    }
    this.#calls?.next();
  }

  #refused(frame: CallError): void {
    const call = this.#take(frame.id);
    if (call === undefined) return;
    call.reject(this.#readError(frame));
    this.#calls?.next();
  }

  #take(id: string | number): ReturnType<CallQueue["take"]> {
    const text = String(id);
    const call = this.#calls?.take(text);
    if (call === undefined)
      this.report({ type: "unexpected-answer", why: this.#calls?.pastOf(text) ?? "unknown", messageId: text });
    return call;
  }

  #readError(frame: CallError): OcppError {
    return new OcppError(readErrorCode(this.endpoint.protocol, frame.code), frame.description, {
      details: frame.details,
      received: true,
    });
  }

  #checkRequest(action: CompiledAction, messageId: string, request: unknown): void {
    const violation = violationOf(action.sentRequest, request);
    if (violation === undefined) return;
    this.report({
      type: "violation",
      direction: "outbound",
      part: "request",
      action: action.name,
      messageId,
      violation,
    });
    if (action.sentRequest.policy === "reject") throw new ViolationError(action.name, "request", violation);
  }

  #write(text: string, name: string): void {
    if (this.#state === "closed") throw this.#notConnected(name);
    this.#transport.send(text);
    this.#show("outbound", text);
  }

  #show(direction: "inbound" | "outbound", text: string): void {
    try {
      this.options.frames?.(direction, text, this.identity);
    } catch {
      // An observer must not change what a peer does.
    }
  }

  #notConnected(name: string): ConnectionError {
    return new ConnectionError("not-connected", `${name} was not sent: the connection is ${this.#state}`);
  }

  #gone({ code, reason }: Closure): ConnectionError {
    return new ConnectionError("closed", `the connection is gone (${code}${reason === "" ? "" : `, ${reason}`})`);
  }
}

function notAnObject(payload: unknown): { kind: "type"; path: []; message: string } | undefined {
  return payload === undefined ? { kind: "type", path: [], message: "must be an object" } : undefined;
}

function serialize(name: string, payload: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw new ConnectionError("unserializable", `The request of ${name} cannot be written as JSON`, { cause });
  }
  if (text === undefined) throw new ConnectionError("unserializable", `The request of ${name} is not a JSON value`);
  return text;
}
