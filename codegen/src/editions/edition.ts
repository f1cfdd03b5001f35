import type { Version } from "../schemas/version.ts";

/** The error codes of OCPP in the spelling of 2.x, which is the spelling that code uses for every version. */
export const errorCodes = [
  "FormatViolation",
  "GenericError",
  "InternalError",
  "MessageTypeNotSupported",
  "NotImplemented",
  "NotSupported",
  "OccurrenceConstraintViolation",
  "PropertyConstraintViolation",
  "ProtocolError",
  "RpcFrameworkError",
  "SecurityError",
  "TypeConstraintViolation",
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** A value that the schemas of a version lack although its errata know it; accepted where the tolerance is switched on. */
export interface Erratum {
  /** Name of the tolerance in the generated `edition.tolerances`. */
  readonly tolerance: string;
  /** The enum type that gains the value. */
  readonly type: string;
  readonly value: string;
  readonly reason: string;
  /** Document and section. */
  readonly reference: string;
}

/** What codegen must know of an OCPP version besides its schemas and its actions file: one row per version. */
export interface Edition {
  /** Names the folder below `schemas/` and the file below `schemas/actions/`. */
  readonly version: Version;
  /** Folder below `generated/` and name of the protocol value, such as `v201`. */
  readonly name: string;
  /** WebSocket subprotocol. */
  readonly subprotocol: string;
  /** Message type numbers that the version knows. */
  readonly messageTypes: readonly number[];
  /** What becomes of a frame with another number: ignored, or answered with CALLERROR `MessageTypeNotSupported`. */
  readonly unknownMessageType: "ignore" | "answer";
  /** What becomes of a frame whose id cannot be read: ignored, or answered with CALLERROR and the id `-1`. */
  readonly unreadableMessageId: "ignore" | "answer";
  /** Codes that this version writes differently from {@link errorCodes}. */
  readonly spellings: { readonly [C in ErrorCode]?: string };
  /**
   * Names of the bodies that stand inline in the schemas, by `Owner.property` or by `property` alone; the owner is a
   * message or a type named by this table. A body without a name stops the generation.
   */
  readonly inlineNames: { readonly [place: string]: string };
  /** A sentence for each message and type that the schemas leave undescribed; messages may do without. */
  readonly sentences: { readonly [type: string]: string };
  /** The same for fields, by `Type.field` or by `field` alone. */
  readonly fieldSentences: { readonly [place: string]: string };
  readonly errata: readonly Erratum[];
}
