import { type Action, type ActionTypes, type Edition, type Protocol, type Validator } from "@ocpp/core";

/** Small protocols under the names of real versions, for tests of the server alone. */

interface Boot extends ActionTypes {
  readonly from: "station";
  readonly request: { readonly model?: string };
  readonly response: { readonly status: string };
}

interface Reset extends ActionTypes {
  readonly from: "csms";
  readonly request: { readonly type: string };
  readonly response: { readonly status: string };
}

interface Notify extends ActionTypes {
  readonly from: "station";
  readonly request: Record<string, never>;
}

const anObject: Validator = (value) =>
  typeof value === "object" && value !== null ? undefined : { kind: "type", path: [], message: "must be an object" };

const boot: Action<Boot> = { name: "Boot", from: "station", request: anObject, response: anObject };
const reset: Action<Reset> = { name: "Reset", from: "csms", request: anObject, response: anObject };
const notify: Action<Notify> = { name: "Notify", from: "station", request: anObject };

const edition: Edition = {
  subprotocol: "ocpp2.1",
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
  tolerances: {},
  names: { Boot: "station", Reset: "csms", Notify: "station" },
};

export const newer = {
  ...edition,
  subprotocol: "ocpp2.1",
  actions: { Boot: boot, Reset: reset, Notify: notify },
} as const satisfies Protocol;

export const older = {
  ...edition,
  subprotocol: "ocpp1.6",
  actions: { Boot: boot, Reset: reset },
} as const satisfies Protocol;
