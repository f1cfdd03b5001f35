import type { HandlerName, ResponseOf } from "./action-map.ts";
import { type AnyFallback, type CompiledAction, compileActions } from "./compiled-action.ts";
import type { Fallback, Handlers } from "./handler.ts";
import type { Interceptor } from "./interceptor.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Validation } from "./validation.ts";

/** How an endpoint treats its actions. */
export interface EndpointOptions<P extends Protocol, S extends Side, Info = unknown> {
  /** Serves the actions that the handler map leaves out; without it the map must be complete. */
  readonly fallback?: Fallback<P, S, Info>;
  /** What happens to payloads that violate their schemas; everything is rejected unless given. */
  readonly validation?: Validation<keyof P["actions"] & string, keyof P["tolerances"] & string>;
  /** Wrapped around every exchange, the first outermost. */
  readonly interceptors?: readonly Interceptor[];
}

/** One side of one version, with its handlers: what a connection is served with. Made by `station` and `csms`. */
export interface Endpoint<P extends Protocol, S extends Side, Info = unknown> {
  readonly protocol: P;
  readonly side: S;
  /** The actions with their checks and handlers, settled once for all connections. For libraries. */
  readonly compiled: ReadonlyMap<string, CompiledAction>;
  /** For libraries. */
  readonly interceptors: readonly Interceptor[];
  /** Never set: it keeps endpoints of one `Info` from being served with another. */
  readonly info?: (info: Info) => void;
}

/**
 * Names of the fields of A that B does not have, at any depth. TypeScript does not look for them in what an arrow
 * function returns.
 */
type Excess<A, B> = unknown extends B
  ? never
  : A extends readonly (infer I)[]
    ? B extends readonly (infer J)[]
      ? Excess<I, J>
      : never
    : A extends object
      ? B extends object
        ? string extends keyof B
          ? never
          : { [K in keyof A]-?: K extends keyof B ? Excess<A[K], B[K]> : K }[keyof A]
        : never
      : never;

type Complaint<K extends string, X> = [X] extends [never]
  ? unknown
  : X extends string
    ? `${K}Response has no field ${X}`
    : unknown;

/**
 * A sentence about a field of `A`, the answer that somebody returns, that `B`, the response of the action `K`, does not
 * have; `unknown` where there is none. For libraries that type handler maps of their own.
 */
export type ResponseComplaint<K extends string, A, B> = Complaint<K, Excess<A, B>>;

/**
 * What a handler map must be beyond its shape: no handler of the wrong side, no unknown field in a response. `as K` keeps
 * the compiler from inferring `H` backwards out of it, which takes a second where it takes a moment.
 */
export type Exact<P extends Protocol, S extends Side, H> = {
  [K in keyof H as K]: K extends HandlerName<P, S>
    ? H[K] extends (...args: never) => infer R
      ? Complaint<K & string, Excess<Awaited<R>, ResponseOf<P, K>>>
      : unknown
    : `a ${S} receives no ${K & string}`;
};

declare const stray: unique symbol;

/**
 * The shape of a handler map `H`: every handler, or some of them where the options have a `fallback`. A map with a name
 * that the version does not know is held against a shape that nothing fits; the compiler then measures the map without
 * that name, and so asks "Did you mean …?".
 */
export type HandlerMap<P extends Protocol, S extends Side, Info, H, O> = [
  Exclude<keyof H, HandlerName<P, S> | keyof P["names"] | keyof P["actions"]>,
] extends [never]
  ? "fallback" extends O
    ? Partial<Handlers<P, S, Info>>
    : Handlers<P, S, Info>
  : Partial<Handlers<P, S, Info>> & { readonly [stray]: never };

/** Infers which options are given, and demands that a `fallback` which is named is also there. */
export type Given<P extends Protocol, S extends Side, Info, O extends PropertyKey> = {
  readonly [K in O]?: unknown;
} & { readonly [K in O & "fallback"]: Fallback<P, S, Info> };

/** Makes the endpoints of both sides, with contexts whose `info` is of one type. See `withInfo`. */
export interface Endpoints<Info> {
  /** The station's side: handlers for what a CSMS sends, all of them or some and a fallback. */
  station<
    P extends Protocol,
    H extends HandlerMap<P, "station", Info, H, O>,
    O extends keyof EndpointOptions<P, "station"> = never,
  >(
    this: void,
    protocol: P,
    handlers: H & Exact<P, "station", H>,
    options?: EndpointOptions<P, "station", Info> & Given<P, "station", Info, O>,
  ): Endpoint<P, "station", Info>;
  /** The CSMS's side: handlers for what a station sends, all of them or some and a fallback. */
  csms<
    P extends Protocol,
    H extends HandlerMap<P, "csms", Info, H, O>,
    O extends keyof EndpointOptions<P, "csms"> = never,
  >(
    this: void,
    protocol: P,
    handlers: H & Exact<P, "csms", H>,
    options?: EndpointOptions<P, "csms", Info> & Given<P, "csms", Info, O>,
  ): Endpoint<P, "csms", Info>;
}

/** The part of `EndpointOptions` that does not depend on types. */
interface AnyOptions {
  readonly fallback?: AnyFallback;
  readonly validation?: Validation;
  readonly interceptors?: readonly Interceptor[];
}

function makeEndpoint<P extends Protocol, S extends Side, Info>(
  protocol: P,
  side: S,
  handlers: object,
  { fallback, validation = {}, interceptors = [] }: AnyOptions = {},
): Endpoint<P, S, Info> {
  return { protocol, side, compiled: compileActions(protocol, side, handlers, fallback, validation), interceptors };
}

const endpoints: Endpoints<unknown> = {
  station: <P extends Protocol>(protocol: P, handlers: object, options?: AnyOptions): Endpoint<P, "station"> =>
    makeEndpoint(protocol, "station", handlers, options),
  csms: <P extends Protocol>(protocol: P, handlers: object, options?: AnyOptions): Endpoint<P, "csms"> =>
    makeEndpoint(protocol, "csms", handlers, options),
};

/**
 * The station's side of a protocol: its handlers, one for each action that a CSMS sends, or some of them and a
 * `fallback`. Throws where a program without types hands in what the types refuse.
 */
export const station: Endpoints<unknown>["station"] = endpoints.station;

/**
 * The CSMS's side of a protocol: its handlers, one for each action that a station sends, or some of them and a
 * `fallback`. Throws where a program without types hands in what the types refuse.
 */
export const csms: Endpoints<unknown>["csms"] = endpoints.csms;

/**
 * `station` and `csms` for handlers that use what the server's `authenticate` returns: in
 * `const { csms } = withInfo<Account>()`, `context.info` is an `Account`, and the endpoint can only be served by a server
 * whose `authenticate` returns one.
 */
export function withInfo<Info>(): Endpoints<Info> {
  return endpoints;
}
