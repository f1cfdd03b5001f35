import type { ViolationKind } from "./violation.ts";

/**
 * The error codes of a CALLERROR, in the spelling of OCPP 2.x (OCPP-J 2.0.1 §4.3, table 8). Code always uses this
 * spelling; a peer translates to and from what its version writes (OCPP 1.6: `FormationViolation`,
 * `OccurenceConstraintViolation`).
 */
export type ErrorCode =
  | "FormatViolation"
  | "GenericError"
  | "InternalError"
  | "MessageTypeNotSupported"
  | "NotImplemented"
  | "NotSupported"
  | "OccurrenceConstraintViolation"
  | "PropertyConstraintViolation"
  | "ProtocolError"
  | "RpcFrameworkError"
  | "SecurityError"
  | "TypeConstraintViolation";

const codeOfKind: { readonly [K in ViolationKind]?: ErrorCode } = {
  type: "TypeConstraintViolation",
  required: "OccurrenceConstraintViolation",
  items: "OccurrenceConstraintViolation",
  "unknown-property": "FormatViolation",
};

/**
 * The error code that a kind of violation is answered with (OCPP-J 1.6 table 7, 2.0.1 table 8): what a value may be is a
 * matter of PropertyConstraintViolation, the other kinds have codes of their own.
 */
export function codeOfViolation(kind: ViolationKind): ErrorCode {
  return codeOfKind[kind] ?? "PropertyConstraintViolation";
}

/**
 * Reads a code from the wire in any version's spelling, since stations in the field mix them up; a code that no version
 * knows becomes `GenericError`. `edition` is that of the version.
 */
export function readErrorCode(edition: { readonly errorCodes: object }, wire: string): ErrorCode {
  const code = wire.replace("Formation", "Format").replace("Occurence", "Occurrence").replace("RPC", "Rpc");
  return Object.hasOwn(edition.errorCodes, code) ? (code as ErrorCode) : "GenericError";
}
