import type { Action, ActionTypes, Edition, Protocol, Validator } from "./protocol.ts";

/** A small protocol with one action of every kind, for tests of the core alone. */

interface Echo extends ActionTypes {
  readonly from: "both";
  readonly request: { readonly token: number; readonly note?: string | undefined };
  readonly response: { readonly token: number };
}

interface Boot extends ActionTypes {
  readonly from: "station";
  readonly request: Record<string, never>;
  readonly response: { readonly status: "Accepted" | "Pending" };
}

interface Reset extends ActionTypes {
  readonly from: "csms";
  readonly request: { readonly type: "Hard" | "Soft" };
  readonly response: { readonly status: "Accepted" | "Rejected" };
}

interface Tick extends ActionTypes {
  readonly from: "station";
  readonly request: { readonly at: number };
}

type Fields = { readonly [name: string]: "number" | "string" };

/** A validator of flat objects; `tolerated` has the bit 128 for unknown properties. */
function fields(required: Fields, optional: Fields = {}): Validator {
  return (value, tolerated = 0) => {
    if (typeof value !== "object" || value === null) return { kind: "type", path: [], message: "must be an object" };
    const known: Fields = { ...optional, ...required };
    for (const [name, field] of Object.entries(value)) {
      if (!Object.hasOwn(known, name)) {
        if ((tolerated & 128) === 0) return { kind: "unknown-property", path: [], message: `must not have ${name}` };
      } else if (typeof field !== known[name]) {
        return { kind: "type", path: [name], message: `must be a ${known[name]}` };
      }
    }
    const missing = Object.keys(required).find((name) => !Object.hasOwn(value, name));
    return missing === undefined ? undefined : { kind: "required", path: [missing], message: "is required" };
  };
}

const edition: Edition & { readonly subprotocol: "acme" } = {
  subprotocol: "acme",
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
  tolerances: { type: 1, "unknown-property": 128 },
  names: { Echo: "both", Boot: "station", Reset: "csms", Tick: "station", Forgotten: "csms" },
};

const echo: Action<Echo> = {
  name: "Echo",
  from: "both",
  request: fields({ token: "number" }, { note: "string" }),
  response: fields({ token: "number" }),
};
const boot: Action<Boot> = {
  name: "Boot",
  from: "station",
  request: fields({}),
  response: fields({ status: "string" }),
};
const reset: Action<Reset> = {
  name: "Reset",
  from: "csms",
  request: fields({ type: "string" }),
  response: fields({ status: "string" }),
};
const tick: Action<Tick> = { name: "Tick", from: "station", request: fields({ at: "number" }) };

export const acme = { ...edition, actions: { Echo: echo, Boot: boot, Reset: reset, Tick: tick } } satisfies Protocol;

/** As an older version would have it: no SEND, nothing answered that cannot be read, codes of its own. */
export const oldAcme = {
  ...acme,
  subprotocol: "old-acme",
  messageTypes: [2, 3, 4],
  unreadableMessageId: "ignore",
  errorCodes: { ...edition.errorCodes, FormatViolation: "FormationViolation" },
} as const satisfies Protocol;
