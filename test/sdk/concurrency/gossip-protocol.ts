import type { Action, Edition, Violation } from "@ocpp/core";

/** What a handler is asked to do, in the request itself, so that a property needs no second channel. */
export interface Chore {
  /** Comes back in the response: an answer with another token was crossed. */
  readonly token: string;
  /** Milliseconds that the handler takes; with 0 it answers without a promise. */
  readonly work: number;
  /** How the handler ends. */
  readonly way: "answer" | "refuse" | "throw" | "never" | "invalid";
}

/** What a handler answers. */
export interface Outcome {
  readonly token: string;
}

interface Gossip {
  readonly from: "both";
  readonly request: Chore;
  readonly response: Outcome;
}

interface Rumour {
  readonly from: "both";
  readonly request: Chore;
}

/** A protocol of one call and one send, both ways: the least that concurrency needs. */
export interface GossipProtocol extends Edition {
  readonly subprotocol: "gossip";
  readonly actions: { readonly Gossip: Action<Gossip>; readonly Rumour: Action<Rumour> };
}

function hasToken(value: unknown): Violation | undefined {
  if (typeof value !== "object" || value === null) return { kind: "type", path: [], message: "must be an object" };
  if (!("token" in value)) return { kind: "required", path: ["token"], message: "is required" };
  return typeof value.token === "string" ? undefined : { kind: "type", path: ["token"], message: "must be a string" };
}

/** The protocol; its wire rules are those of OCPP 2.1. */
export const gossip: GossipProtocol = {
  subprotocol: "gossip",
  messageTypes: [2, 3, 4, 5, 6],
  unknownMessageType: "ignore",
  unreadableMessageId: "answer",
  errorCodes: {
    FormatViolation: "FormatViolation",
    GenericError: "GenericError",
    InternalError: "InternalError",
    MessageTypeNotSupported: "MessageTypeNotSupported",
    NotImplemented: "NotImplemented",
    NotSupported: "NotSupported",
    OccurrenceConstraintViolation: "OccurrenceConstraintViolation",
    PropertyConstraintViolation: "PropertyConstraintViolation",
    ProtocolError: "ProtocolError",
    RpcFrameworkError: "RpcFrameworkError",
    SecurityError: "SecurityError",
    TypeConstraintViolation: "TypeConstraintViolation",
  },
  tolerances: { type: 1, required: 2 },
  names: { Gossip: "both", Rumour: "both" },
  actions: {
    Gossip: { name: "Gossip", from: "both", request: hasToken, response: hasToken },
    Rumour: { name: "Rumour", from: "both", request: hasToken },
  },
};
