import type { OcppError } from "./ocpp-error.ts";
import type { Violation } from "./violation.ts";

/**
 * Something that a peer met and dealt with, and that somebody may want to know:
 *
 * - `malformed-frame`: what arrived was no frame of the version; `answered` tells whether a CALLERROR went back.
 * - `unexpected-answer`: an answer that no call waits for. It was `late` (its call has timed out or was aborted),
 *   a `duplicate` of one that was taken, or belongs to an `unknown` id. It was ignored.
 * - `duplicate-call`: a call came with the id of one that is still being handled, and was refused.
 * - `refused-call`: a call was refused before it reached a handler, with the error that went back.
 * - `violation`: a payload does not fit its schema. Under the policy `report` it was used all the same.
 * - `handler-failed`: a handler, or what it left for `afterResponse`, threw; the other side sees an InternalError only.
 * - `handler-late`: a handler finished after its deadline or after its connection was gone; the result went nowhere.
 * - `call-dropped`: a call that was received was not handled to its end: its handler took longer than `handlerTimeout`
 *   (`timeout`), or the peer was closed with `abortHandlers` (`aborted`). What `handlerLimit` keeps out is a `refused-call`.
 * - `result-refused`: the other side could not use our response (CALLRESULTERROR, 2.1).
 */
export type Report =
  | { readonly type: "malformed-frame"; readonly reason: string; readonly answered: boolean }
  | { readonly type: "unexpected-answer"; readonly why: "late" | "duplicate" | "unknown"; readonly messageId: string }
  | { readonly type: "duplicate-call"; readonly action: string; readonly messageId: string }
  | { readonly type: "refused-call"; readonly action: string; readonly messageId: string; readonly error: OcppError }
  | {
      readonly type: "violation";
      readonly direction: "inbound" | "outbound";
      readonly part: "request" | "response";
      readonly action: string;
      readonly messageId: string;
      readonly violation: Violation;
    }
  | { readonly type: "handler-failed"; readonly action: string; readonly messageId: string; readonly error: unknown }
  | { readonly type: "handler-late"; readonly action: string; readonly messageId: string }
  | {
      readonly type: "call-dropped";
      readonly action: string;
      readonly messageId: string;
      readonly why: "timeout" | "aborted";
    }
  | { readonly type: "result-refused"; readonly messageId: string; readonly error: OcppError };

/** Receives reports. What it throws is dropped: an observer must not change what a peer does. */
export type Reporter = (report: Report, identity: string) => void;
