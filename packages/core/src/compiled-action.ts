import type { Action, Protocol, Side } from "./protocol.ts";
import { type Check, checksFor, type Validation } from "./validation.ts";

/** A handler with its types erased: what a peer runs. */
export type AnyHandler = (request: unknown, context: never) => unknown;

/** One action as a side uses it, with everything looked up beforehand. */
export interface CompiledAction {
  readonly name: string;
  /** Whether this side sends it. */
  readonly outgoing: boolean;
  /** Whether it is answered; if not it travels as SEND. */
  readonly answered: boolean;
  /** Serves it; absent where this side does not receive it or nobody serves it. */
  readonly handler?: AnyHandler;
  /** Checks of what we receive: its request from the other side, its response to our call. */
  readonly receivedRequest: Check;
  readonly receivedResponse: Check;
  /** Checks of what we send: its request in our call, its response to the other side. */
  readonly sentRequest: Check;
  readonly sentResponse: Check;
}

const nothing = (): undefined => undefined;

function requireValidators(protocol: Protocol, name: string, action: Action): void {
  const answered = action.response !== undefined;
  if (typeof action.request !== "function" || (answered && typeof action.response !== "function")) {
    throw new TypeError(
      `${protocol.subprotocol} ${name} has no validator; an action without a schema cannot be served`,
    );
  }
}

function handlerOf(handlers: object, name: string): AnyHandler | undefined {
  const handler: unknown =
    Object.hasOwn(handlers, name) || isInherited(handlers, name) ? Reflect.get(handlers, name) : undefined;
  return typeof handler === "function" ? (handler.bind(handlers) as AnyHandler) : undefined;
}

/** Whether a class that holds handlers as methods has one; what every object inherits does not count. */
function isInherited(handlers: object, name: string): boolean {
  return name in handlers && !(name in Object.prototype);
}

/**
 * Settles an endpoint's actions. Throws a TypeError for an action without a validator, for a handler that is no function
 * and for a handler of an action that this side does not receive, a RangeError for an unknown tolerance or action in the
 * validation rules: mistakes that a program without types makes, told at start and not by the first message.
 */
export function compileActions(
  protocol: Protocol,
  side: Side,
  handlers: object,
  fallback: ((action: string, request: unknown, context: never) => unknown) | undefined,
  validation: Validation,
): ReadonlyMap<string, CompiledAction> {
  for (const name of Object.keys(validation.actions ?? {})) {
    if (!Object.hasOwn(protocol.actions, name))
      throw new RangeError(`${protocol.subprotocol} has no action ${name} to validate`);
  }
  for (const [name, handler] of Object.entries(handlers)) {
    if (typeof handler !== "function") throw new TypeError(`The handler of ${name} is not a function`);
    const action = Object.hasOwn(protocol.actions, name) ? protocol.actions[name] : undefined;
    if (action === undefined) throw new TypeError(`${protocol.subprotocol} has no action ${name} to handle`);
    if (action.from === side) throw new TypeError(`A ${side} receives no ${name}: it sends it`);
  }
  const compiled = new Map<string, CompiledAction>();
  for (const [name, action] of Object.entries(protocol.actions)) {
    requireValidators(protocol, name, action);
    const { inbound, outbound } = checksFor(protocol, name, validation);
    const receives = action.from !== side;
    const handler = receives ? handlerOf(handlers, name) : undefined;
    const served = handler ?? (receives && fallback !== undefined ? fallBackTo(fallback, name) : undefined);
    const response = action.response ?? nothing;
    compiled.set(name, {
      name,
      outgoing: action.from === side || action.from === "both",
      answered: action.response !== undefined,
      ...(served === undefined ? {} : { handler: served }),
      receivedRequest: { ...inbound, validate: action.request },
      receivedResponse: { ...inbound, validate: response },
      sentRequest: { ...outbound, validate: action.request },
      sentResponse: { ...outbound, validate: response },
    });
  }
  return compiled;
}

function fallBackTo(fallback: (action: string, request: unknown, context: never) => unknown, name: string): AnyHandler {
  return (request, context) => fallback(name, request, context);
}
