import type { ErrorCode } from "./error-code.ts";
import { cutText, longestDescription, type OcppError } from "./ocpp-error.ts";
import { ownProperty } from "./own-property.ts";
import type { Edition } from "./protocol.ts";

/** A number as JSON wrote it, where parsing would change it: `1e3`, `1.0`, or more digits than a double holds. */
export interface NumberText {
  readonly number: string;
}

/** The id of a message: a string, or a number where a station in the field writes one; it is answered as it came. */
export type MessageId = string | number | NumberText;

/**
 * Which ids are taken: `strict` takes strings of at most 36 characters, as the specifications define them (OCPP-J 1.6
 * table 3, 2.0.1 and 2.1 §4.1.4); `tolerant` strings of any length and numbers as well.
 */
export type MessageIdPolicy = "tolerant" | "strict";

/** The most characters that the id of a message may have (OCPP-J 1.6 table 3, 2.0.1 and 2.1 §4.1.4). */
export const longestMessageId = 36;

/** The id of a message as a text, for records and comparisons: a number as it was written. */
export function messageIdText(id: MessageId): string {
  return typeof id === "object" ? id.number : String(id);
}

/** The id of a message as JSON. */
function quotedId(id: MessageId): string {
  return typeof id === "string" ? JSON.stringify(id) : messageIdText(id);
}

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
const head = /^\s*\[\s*(\d{1,3})\s*(?:,\s*(?:"([^"\\]{1,255})"|(-?\d{1,99}(?:\.\d{1,99})?(?:[eE][+-]?\d{1,9})?))\s*,)?/;

/** What the head of a text that is not JSON can have. */
const headLength = 400;

/** The second element of an array, where it is a number. */
const secondNumber = /^\s*\[\s*(?:"[^"\\]{0,99}"|[^",[\]{}]{1,99}),\s*(-?\d[\d.eE+-]*)/;

/** The id in a text whose second element was parsed; `undefined` where it is none. */
function readId(value: unknown, text: string): MessageId | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "number") return undefined;
  const number = secondNumber.exec(text)?.[1] ?? String(value);
  return number === String(value) ? value : { number };
}

/** What is wrong with an id under a policy, if anything. */
function faultOf(id: MessageId | undefined, policy: MessageIdPolicy): string | undefined {
  if (id === undefined || (policy === "strict" && typeof id !== "string")) return "The message id is not a string";
  return policy === "strict" && typeof id === "string" && id.length > longestMessageId
    ? `The message id has more than ${longestMessageId} characters`
    : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Says what is wrong with a text. With an `edition` a CALLERROR goes back: under the id of the message, or under "-1"
 * where it cannot be read, if the version has that.
 */
function malformed(
  reason: string,
  edition?: Edition,
  id?: MessageId,
  code: ErrorCode = "RpcFrameworkError",
): Malformed {
  const answerId = id ?? (edition?.unreadableMessageId === "answer" ? unreadable : undefined);
  if (edition === undefined || answerId === undefined) return { type: "malformed", reason };
  return { type: "malformed", reason, answer: { id: answerId, code } };
}

/** Reads what is not JSON. Nothing but a call is ever answered with a CALLERROR (OCPP-J 2.0.1 §4.2.3). */
function parseHead(edition: Edition, text: string): Malformed {
  const [, type = "2", name, number] = head.exec(text.slice(0, headLength)) ?? [];
  const id = number === undefined ? name : { number };
  const code = id === undefined ? "RpcFrameworkError" : "FormatViolation";
  return malformed("The message is not valid JSON", type === "2" ? edition : undefined, id, code);
}

function parseRequest(
  type: 2 | 6,
  id: MessageId,
  elements: readonly unknown[],
  answering: Edition | undefined,
): Call | Send | Malformed {
  const { length, 2: action, 3: payload } = elements;
  if (typeof action !== "string") return malformed("The action is not a string", answering, id);
  if (length < 4) return malformed("The payload is missing", answering, id, "ProtocolError");
  if (length > 4) return malformed(`A call has 4 elements, not ${length}`, answering, id);
  // Both versions allow null for a payload without fields (OCPP-J 1.6 §4.2.1, 2.0.1 §4.1.5).
  if (payload === null) return { type, id, action, payload: {} };
  if (!isObject(payload)) return malformed("The payload is not an object", answering, id, "FormatViolation");
  return { type, id, action, payload };
}

/**
 * Reads one frame by the rules of its version (OCPP-J 1.6 §4.2, 2.0.1 §4.2, 2.1 §4.2). Tolerates what stations in the
 * field send and what does no harm: errors with elements missing, null for an empty payload, and unless `messageIds` is
 * `strict` numeric ids and ids of any length. Never throws; what is no frame comes back as `Malformed` and says whether
 * it is to be answered. A call whose id is refused is answered under that id, with RpcFrameworkError (2.0.1 §4.2.3, §4.3).
 */
export function parseFrame(edition: Edition, text: string, messageIds: MessageIdPolicy = "tolerant"): Frame {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    return parseHead(edition, text);
  }
  if (!Array.isArray(elements)) return malformed("The message is not an array", edition);
  const { length, 0: type, 1: second, 2: third, 3: description, 4: details }: readonly unknown[] = elements;
  const id = readId(second, text);
  if (typeof type !== "number") return malformed("The message type is not a number", edition, id);
  if (edition.messageTypes.includes(type)) {
    const answering = type === 2 ? edition : undefined;
    const fault = faultOf(id, messageIds);
    if (id === undefined || fault !== undefined) return malformed(fault ?? "There is no message id", answering, id);
    switch (type) {
      case 2:
      case 6:
        return parseRequest(type, id, elements, answering);
      case 3:
        return { type, id, payload: length === 3 ? (third ?? {}) : undefined };
      case 4:
      case 5:
        return {
          type,
          id,
          code: typeof third === "string" ? third : "GenericError",
          description: typeof description === "string" ? description : "",
          details: isObject(details) ? details : {},
        };
    }
  }
  const answering = edition.unknownMessageType === "answer" ? edition : undefined;
  const reason = `Message type ${type} is not known in ${edition.subprotocol}`;
  return malformed(reason, answering, id, "MessageTypeNotSupported");
}

/** What stands before the payload of a CALL or SEND that was read: the type, the id and the action. */
const beforePayload = /^\s*\[[^,]+,\s*(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^,"]+)\s*,\s*"(?:[^"\\]|\\.)*"\s*,/;

/** The payload of a CALL or SEND that `parseFrame` has read, as the JSON text that it came as. */
export function payloadText(text: string): string {
  const start = beforePayload.exec(text)?.[0].length ?? 0;
  const payload = text.slice(start, text.lastIndexOf("]")).trim();
  return payload === "null" ? "{}" : payload;
}

/** Writes a CALL (2) or a SEND (6). `quotedName` and `payload` are JSON text. */
export function formatRequest(type: 2 | 6, id: MessageId, quotedName: string, payload: string): string {
  return `[${type},${quotedId(id)},${quotedName},${payload}]`;
}

/** Writes a CALL. `payload` is JSON text. */
export function formatCall(id: MessageId, action: string, payload: string): string {
  return formatRequest(2, id, JSON.stringify(action), payload);
}

/** Writes a CALLRESULT. `payload` is JSON text. */
export function formatCallResult(id: MessageId, payload: string): string {
  return `[3,${quotedId(id)},${payload}]`;
}

/** Writes a SEND (2.1). `payload` is JSON text. */
export function formatSend(id: MessageId, action: string, payload: string): string {
  return formatRequest(6, id, JSON.stringify(action), payload);
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
  const code = ownProperty(edition.errorCodes, error.code) ?? edition.errorCodes.GenericError;
  const text: unknown = error.description;
  const description = typeof text === "string" ? cutText(text, longestDescription) : "";
  return `[${type},${quotedId(id)},${JSON.stringify(code)},${JSON.stringify(description)},${details}]`;
}
