import type { ErrorCode } from "./error-code.ts";
import { cutText, longestDescription, type OcppError } from "./ocpp-error.ts";
import type { Edition } from "./protocol.ts";

/** The id of a message: a string, or a number where a station in the field writes one; it is answered as it came. */
export type MessageId = string | number;

/** Type 2: a request that will be answered. */
export interface Call {
  readonly type: 2;
  readonly id: MessageId;
  readonly action: string;
  readonly payload: object;
}

/** Type 3: the answer to a call. `payload` is whatever stood there; an answer is checked where its call is known. */
export interface CallResult {
  readonly type: 3;
  readonly id: MessageId;
  readonly payload: unknown;
}

/** Type 4, the refusal of a call, and type 5 of OCPP 2.1, the refusal of a call's answer. */
export interface CallError {
  readonly type: 4 | 5;
  readonly id: MessageId;
  /** The code as it stood on the wire; `readErrorCode` reads it. */
  readonly code: string;
  readonly description: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Type 6 of OCPP 2.1: a message that is never answered. */
export interface Send {
  readonly type: 6;
  readonly id: MessageId;
  readonly action: string;
  readonly payload: object;
}

/** A text that is no frame of its version. Where `answer` is set, a CALLERROR goes back, under `id`. */
export interface Malformed {
  readonly type: "malformed";
  readonly reason: string;
  readonly answer?: { readonly id: MessageId; readonly code: ErrorCode };
}

/** What a text was read as: one of the five messages, or why it is none. */
export type Frame = Call | CallResult | CallError | Send | Malformed;

/** The id under which an unreadable message is answered (OCPP-J 2.0.1 §4.2.3). */
const unreadable = "-1";

/** Finds type and id at the head of a text that is not JSON as a whole, so that a call cut off on its way is answered. */
const head = /^\s*\[\s*(\d{1,3})\s*(?:,\s*"([^"\\]{1,36})"\s*,)?/;

function isId(value: unknown): value is MessageId {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(edition: Edition, id: unknown, code: ErrorCode, reason: string): Malformed {
  if (isId(id)) return { type: "malformed", reason, answer: { id, code } };
  if (edition.unreadableMessageId === "ignore") return { type: "malformed", reason };
  return { type: "malformed", reason, answer: { id: unreadable, code: "RpcFrameworkError" } };
}

function parseHead(edition: Edition, text: string): Malformed {
  const reason = "The message is not valid JSON";
  const match = head.exec(text.slice(0, 100));
  if (match === null) return malformed(edition, undefined, "RpcFrameworkError", reason);
  // Nothing but a call is ever answered with a CALLERROR (OCPP-J 2.0.1 §4.2.3).
  return match[1] === "2" ? malformed(edition, match[2], "FormatViolation", reason) : { type: "malformed", reason };
}

function parseRequest(edition: Edition, type: 2 | 6, elements: readonly unknown[]): Call | Send | Malformed {
  const [, id, action] = elements;
  const refuse = (code: ErrorCode, reason: string): Malformed =>
    type === 2 ? malformed(edition, id, code, reason) : { type: "malformed", reason };
  if (!isId(id)) return refuse("RpcFrameworkError", "The message id is not a string");
  if (typeof action !== "string") return refuse("RpcFrameworkError", "The action is not a string");
  if (elements.length < 4) return refuse("ProtocolError", "The payload is missing");
  if (elements.length > 4) return refuse("RpcFrameworkError", `A call has 4 elements, not ${elements.length}`);
  // Both versions allow null for a payload without fields (OCPP-J 1.6 §4.2.1, 2.0.1 §4.1.5).
  const payload = elements[3] ?? {};
  if (!isObject(payload)) return refuse("FormatViolation", "The payload is not an object");
  return { type, id, action, payload };
}

function parseError(type: 4 | 5, elements: readonly unknown[]): CallError | Malformed {
  const [, id, code, description, details] = elements;
  if (!isId(id)) return { type: "malformed", reason: "The message id of an error is not a string" };
  return {
    type,
    id,
    code: typeof code === "string" ? code : "GenericError",
    description: typeof description === "string" ? description : "",
    details: isObject(details) ? details : {},
  };
}

/**
 * Reads one frame by the rules of its version (OCPP-J 1.6 §4.2, 2.0.1 §4.2, 2.1 §4.2). Tolerates what stations in the
 * field send and what does no harm: numeric ids, ids of any length, errors with elements missing, null for an empty
 * payload. Never throws; what is no frame comes back as `Malformed` and says whether it is to be answered.
 */
export function parseFrame(edition: Edition, text: string): Frame {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    return parseHead(edition, text);
  }
  if (!Array.isArray(elements))
    return malformed(edition, undefined, "RpcFrameworkError", "The message is not an array");
  const type: unknown = elements[0];
  const id: unknown = elements[1];
  if (typeof type !== "number") return malformed(edition, id, "RpcFrameworkError", "The message type is not a number");
  if (!edition.messageTypes.includes(type)) {
    const reason = `Message type ${type} is not known in ${edition.subprotocol}`;
    if (edition.unknownMessageType === "ignore") return { type: "malformed", reason };
    return { type: "malformed", reason, answer: { id: isId(id) ? id : unreadable, code: "MessageTypeNotSupported" } };
  }
  switch (type) {
    case 2:
    case 6:
      return parseRequest(edition, type, elements);
    case 3:
      if (!isId(id)) return { type: "malformed", reason: "The message id of a result is not a string" };
      return { type, id, payload: elements.length === 3 ? (elements[2] ?? {}) : undefined };
    case 4:
    case 5:
      return parseError(type, elements);
    default:
      return { type: "malformed", reason: `Message type ${type} is not supported` };
  }
}

/** Writes a CALL. `payload` is JSON text. */
export function formatCall(id: MessageId, action: string, payload: string): string {
  return `[2,${JSON.stringify(id)},${JSON.stringify(action)},${payload}]`;
}

/** Writes a CALLRESULT. `payload` is JSON text. */
export function formatCallResult(id: MessageId, payload: string): string {
  return `[3,${JSON.stringify(id)},${payload}]`;
}

/** Writes a SEND (2.1). `payload` is JSON text. */
export function formatSend(id: MessageId, action: string, payload: string): string {
  return `[6,${JSON.stringify(id)},${JSON.stringify(action)},${payload}]`;
}

/**
 * Writes a CALLERROR, or with type 5 a CALLRESULTERROR (2.1): the code in the version's spelling, the description cut to
 * 255 characters, details that are not a JSON object replaced by none. A program without types may have put anything
 * into the error; what goes out is a frame of the version all the same.
 */
export function formatCallError(edition: Edition, type: 4 | 5, id: MessageId, error: OcppError): string {
  let details = "{}";
  try {
    if (isObject(error.details)) details = JSON.stringify(error.details) ?? "{}";
  } catch {
    // Details that cannot be written are left out; the code and the description still say what happened.
  }
  const known = Object.hasOwn(edition.errorCodes, error.code);
  const code = edition.errorCodes[known ? error.code : "GenericError"];
  const text: unknown = error.description;
  const description = typeof text === "string" ? cutText(text, longestDescription) : "";
  return `[${type},${JSON.stringify(id)},${JSON.stringify(code)},${JSON.stringify(description)},${details}]`;
}
