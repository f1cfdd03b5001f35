import type { ErrorCode } from "./error-code.ts";
import type { Violation } from "./violation.ts";

/** Who sends an action: the charging station or the CSMS (the charge point and the central system of OCPP 1.6). */
export type Side = "station" | "csms";

/**
 * Looks at any value and returns the first violation, or nothing where the value is valid. `tolerated` is a sum of the
 * bits in `Edition.tolerances`: kinds of fault, and known quirks of stations in the field, that are let pass.
 */
export type Validator = (value: unknown, tolerated?: number) => Violation | undefined;

/** The types of one action: who sends it, its request, and its response unless it travels unanswered (SEND). */
export interface ActionTypes {
  readonly from: Side | "both";
  readonly request: unknown;
  readonly response?: unknown;
}

/**
 * One action of a protocol, as a value: its name, who sends it, and the validators of its payloads. An action without a
 * `response` validator is sent and never answered (SEND, OCPP-J 2.1 §4.2.4). `types` is never set: it carries the types
 * along with the value, so that a subset of a protocol or a vendor's own action needs no second map.
 */
export interface Action<T extends ActionTypes = ActionTypes> {
  readonly name: string;
  readonly from: Side | "both";
  readonly block?: string;
  readonly request: Validator;
  readonly response?: Validator;
  readonly types?: T;
}

/** What one version of OCPP-J says about the wire, apart from its actions. */
export interface Edition {
  /** The WebSocket subprotocol, such as `ocpp2.0.1` (OCPP-J 2.0.1 §3.1.2). */
  readonly subprotocol: string;
  /** The message type numbers of this version: 2, 3 and 4, in 2.1 also 5 (CALLRESULTERROR) and 6 (SEND). */
  readonly messageTypes: readonly number[];
  /** What a message type number outside that list gets: silence, or a CALLERROR MessageTypeNotSupported (2.0.1 §4.4). */
  readonly unknownMessageType: "ignore" | "answer";
  /** What a frame gets whose message id cannot be read: silence, or a CALLERROR with the id "-1" (2.0.1 §4.2.3). */
  readonly unreadableMessageId: "ignore" | "answer";
  /** How this version spells each error code on the wire. */
  readonly errorCodes: { readonly [C in ErrorCode]: string };
  /** The bit that lets a kind of violation, or a quirk, pass in this version's validators. */
  readonly tolerances: { readonly [name: string]: number };
  /** Every action of the version and who sends it, so that a subset still tells a wrong direction from an unknown name. */
  readonly names: { readonly [action: string]: Side | "both" };
}

/** A version of OCPP, or a part of one: its wire rules and the actions that it is used with. */
export interface Protocol extends Edition {
  readonly actions: { readonly [name: string]: Action };
}
