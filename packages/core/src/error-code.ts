import type { Edition, ViolationKind } from "./protocol.ts";

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

const codeOfKind: { readonly [K in ViolationKind]: ErrorCode } = {
  type: "TypeConstraintViolation",
  required: "OccurrenceConstraintViolation",
  value: "PropertyConstraintViolation",
  length: "PropertyConstraintViolation",
  items: "OccurrenceConstraintViolation",
  range: "PropertyConstraintViolation",
  format: "PropertyConstraintViolation",
  "unknown-property": "FormatViolation",
};

/** The error code that a kind of violation is answered with (OCPP-J 1.6 table 7, 2.0.1 table 8). */
export function codeOfViolation(kind: ViolationKind): ErrorCode {
  return codeOfKind[kind];
}

/** Codes that arrive in another version's spelling, which stations in the field mix up. */
const misspelt: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ["FormationViolation", "FormatViolation"],
  ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"],
  ["RPCFrameworkError", "RpcFrameworkError"],
]);

/** Reads a code from the wire in any version's spelling; a code that no version knows becomes `GenericError`. */
export function readErrorCode(edition: Edition, wire: string): ErrorCode {
  const known = misspelt.get(wire);
  if (known !== undefined) return known;
  return Object.hasOwn(edition.errorCodes, wire) ? (wire as ErrorCode) : "GenericError";
}
