import type { HandlerName, Protocol, ResponseComplaint, ResponseOf } from "@ocpp/core";

/**
 * What a map of message handlers, or of amendments, must be beyond its shape: no action that a CSMS does not receive in that
 * version, and no unknown field in an answer.
 */
export type ExactHandlers<P extends Protocol, H> = {
  [K in keyof H as K]: K extends HandlerName<P, "csms">
    ? H[K] extends (...args: never) => infer R
      ? ResponseComplaint<K & string, Exclude<Awaited<R>, undefined | void>, ResponseOf<P, K>>
      : unknown
    : `a CSMS receives no ${K & string} in this version`;
};

/** What a map of listeners must be: only actions that a CSMS receives in that version. */
export type ExactListeners<P extends Protocol, H> = {
  [K in keyof H as K]: K extends HandlerName<P, "csms"> ? unknown : `a CSMS receives no ${K & string} in this version`;
};
