import type { Protocol, Side } from "./protocol.ts";

/** The other side. */
export type Other<S extends Side> = S extends "station" ? "csms" : "station";

/** The action map of a protocol: what each action's phantom `types` say, by name. */
export type ActionsOf<P extends Protocol> = {
  [K in keyof P["actions"] & string]: NonNullable<P["actions"][K]["types"]>;
};

type Named<P extends Protocol, Shape> = {
  [K in keyof ActionsOf<P>]: ActionsOf<P>[K] extends Shape ? K : never;
}[keyof ActionsOf<P>];

/** The actions that a side may call: it sends them and they are answered. */
export type CallName<P extends Protocol, S extends Side> = Named<P, { from: S | "both"; response: unknown }>;

/** The actions that a side may send without an answer (OCPP-J 2.1 §4.2.4). */
export type SendName<P extends Protocol, S extends Side> = Exclude<Named<P, { from: S | "both" }>, CallName<P, S>>;

/** The actions that a side receives and therefore handles. */
export type HandlerName<P extends Protocol, S extends Side> = Named<P, { from: Other<S> | "both" }>;

/** The request of an action, `never` where the protocol has no such action. */
export type RequestOf<P extends Protocol, K> = K extends keyof ActionsOf<P> ? ActionsOf<P>[K]["request"] : never;

/** The response of an action, `void` where it is never answered. */
export type ResponseOf<P extends Protocol, K> = K extends keyof ActionsOf<P>
  ? ActionsOf<P>[K] extends { response: infer R }
    ? R
    : void
  : never;

/**
 * What the compiler takes for a name before it looks closer. It differs from version to version, so that `call` on a
 * union of connections is refused as such, instead of being tried with the messages of all versions at once.
 */
export type Attempted<Name extends string> = Name | (string & {});

/**
 * `K` where side `S` may call it. Otherwise a sentence that the compiler prints, or the names that exist, from which an
 * editor completes.
 */
export type Callable<P extends Protocol, S extends Side, K> =
  K extends CallName<P, S>
    ? K
    : K extends SendName<P, S>
      ? `${K} is not answered: use send()`
      : K extends keyof ActionsOf<P>
        ? `${K & string} is sent by the ${Other<S>}, not by the ${S}`
        : { [N in keyof ActionsOf<P>]: N extends CallName<P, S> ? N : never }[keyof ActionsOf<P>];

/** `K` where side `S` may send it unanswered; otherwise a sentence, or the names that exist. */
export type Sendable<P extends Protocol, S extends Side, K> =
  K extends SendName<P, S>
    ? K
    : K extends CallName<P, S>
      ? `${K} is answered: use call()`
      : K extends keyof ActionsOf<P>
        ? `${K & string} is sent by the ${Other<S>}, not by the ${S}`
        : [SendName<P, S>] extends [never]
          ? `in ${P["subprotocol"]} a ${S} sends nothing unanswered: use call()`
          : { [N in keyof ActionsOf<P>]: N extends SendName<P, S> ? N : never }[keyof ActionsOf<P>];
