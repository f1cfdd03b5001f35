import { ownProperty } from "./own-property.ts";
import type { Protocol, Side } from "./protocol.ts";
import { type Check, checksFor, type Validation } from "./validation.ts";

/** A handler with its types erased: what a peer runs. */
export type AnyHandler = (request: unknown, context: never) => unknown;

/** A fallback with its types erased. */
export type AnyFallback = (action: string, request: unknown, context: never) => unknown;

/** One action as a side uses it, with everything looked up beforehand. */
export interface CompiledAction {
  readonly name: string;
  /** The name as it stands in a frame. */
  readonly quotedName: string;
  /** How it travels: as CALL (2), which is answered, or as SEND (6), which is not. */
  readonly type: 2 | 6;
  /** Whether this side sends it. */
  readonly outgoing: boolean;
  /** Serves it; absent where this side does not receive it or nobody serves it. */
  readonly handler: AnyHandler | undefined;
  /** Checks of what we receive: its request from the other side, its response to our call. */
  readonly receivedRequest: Check;
  readonly receivedResponse: Check;
  /** Checks of what we send: its request in our call, its response to the other side. */
  readonly sentRequest: Check;
  readonly sentResponse: Check;
}

/** Stands for the validator of a response that does not exist. */
const nothing = (): undefined => undefined;

/** The handler that a map, or an object of a class, has for an action; what every object inherits is none. */
function handlerOf(handlers: object, name: string): AnyHandler | undefined {
  const handler: unknown = Reflect.get(handlers, name);
  return typeof handler === "function" && handler !== Reflect.get(Object.prototype, name)
    ? (handler.bind(handlers) as AnyHandler)
    : undefined;
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
  fallback: AnyFallback | undefined,
  validation: Validation,
): ReadonlyMap<string, CompiledAction> {
  const { subprotocol, actions } = protocol;
  for (const name of Object.keys(validation.actions ?? {})) {
    if (!Object.hasOwn(actions, name)) throw new RangeError(`${subprotocol} has no action ${name} to validate`);
  }
  for (const [name, handler] of Object.entries(handlers)) {
    if (typeof handler !== "function") throw new TypeError(`The handler of ${name} is not a function`);
    const action = ownProperty(actions, name);
    if (action === undefined) throw new TypeError(`${subprotocol} has no action ${name} to handle`);
    if (action.from === side) throw new TypeError(`A ${side} receives no ${name}: it sends it`);
  }
  const compiled = new Map<string, CompiledAction>();
  for (const [name, { from, request, response = nothing }] of Object.entries(actions)) {
    if (typeof request !== "function" || typeof response !== "function")
      throw new TypeError(`${subprotocol} ${name} has no validator and cannot be served without`);
    const served: AnyHandler | undefined =
      handlerOf(handlers, name) ?? (fallback && ((payload, context) => fallback(name, payload, context)));
    const check = checksFor(protocol, name, validation);
    compiled.set(name, {
      name,
      quotedName: JSON.stringify(name),
      type: response === nothing ? 6 : 2,
      outgoing: from === side || from === "both",
      handler: from === side ? undefined : served,
      receivedRequest: check("inbound", "request", request),
      receivedResponse: check("inbound", "response", response),
      sentRequest: check("outbound", "request", request),
      sentResponse: check("outbound", "response", response),
    });
  }
  return compiled;
}
