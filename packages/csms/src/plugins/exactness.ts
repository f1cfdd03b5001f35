import type { HandlerName, Protocol, ResponseOf } from "@ocpp/core";

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
 * What a map of message handlers must be beyond its shape: no action that a CSMS does not receive in that version, and no
 * unknown field in an answer.
 */
export type ExactHandlers<P extends Protocol, H> = {
  [K in keyof H as K]: K extends HandlerName<P, "csms">
    ? H[K] extends (...args: never) => infer R
      ? Complaint<K & string, Excess<Exclude<Awaited<R>, undefined | void>, ResponseOf<P, K>>>
      : unknown
    : `a CSMS receives no ${K & string} in this version`;
};

/** What a map of listeners must be: only actions that a CSMS receives in that version. */
export type ExactListeners<P extends Protocol, H> = {
  [K in keyof H as K]: K extends HandlerName<P, "csms"> ? unknown : `a CSMS receives no ${K & string} in this version`;
};
