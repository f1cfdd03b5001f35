import { suggestion } from "../config/suggestion.ts";
import {
  annotated,
  boolean,
  choice,
  count,
  integer,
  list,
  nullable,
  number,
  parameters,
  record,
  rowId,
  type Schema,
  type Static,
  string,
  time,
  whole,
} from "../shared/schema.ts";

/** A kind of events: what has happened, and what its data tells. */
interface KindDescription {
  readonly description: string;
  /** The schema of its data. */
  readonly data: Schema;
}

const empty = record({});

/** What may be told of a station's settings; what was not changed is left out. */
const changedSettings = parameters({
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  heartbeatInterval: nullable(integer()),
  securityProfile: integer(),
  serialNumber: nullable(string()),
  booted: boolean(),
  allowExpiredCertificate: boolean(),
  pinnedCertificate: nullable(string()),
  nextCertificate: nullable(string()),
  note: nullable(string()),
  automation: { type: "object" } as Schema<object>,
  password: choice("What became of the password, which itself is never shown.", ["changed", "kept", "set", "removed"]),
});

const idToken = string("The id token; left out where it is a key code (C04.FR.04).");

const transaction = parameters(
  {
    id: rowId,
    transactionId: string("The station's name for it."),
    evseId: whole("The EVSE; in 1.6 the connector."),
    connectorId: whole("The connector."),
    idToken,
    authorization: string("What the token was worth at the start."),
    remoteStartId: integer(),
    reservationId: integer(),
    startedAt: time,
    stoppedAt: time,
    stoppedReason: string(),
    chargingState: string(),
    meterStart: number("Energy register, Wh."),
    meterStop: number("Energy register, Wh."),
    meterLatest: number("Energy register, Wh."),
    energy: number("What it has delivered, in Wh, as far as registers tell."),
    complete: boolean("Whether it has ended."),
    provisional: boolean("Whether the CSMS made up the end."),
    remarks: list(string(), "What looked wrong."),
    type: choice("Of the TransactionEvent that reported it.", ["Started", "Updated", "Ended"]),
    trigger: string("Its triggerReason."),
    seqNo: integer(),
    offline: boolean("Whether it happened while the station was offline."),
  },
  ["id", "transactionId", "evseId", "connectorId", "complete", "provisional", "remarks"],
);

const command = {
  id: string("Its unique id."),
  action: string(),
  requestedBy: string(),
  jobId: rowId,
};

function kinds<const Kinds extends Readonly<Record<string, KindDescription>>>(all: Kinds): Kinds {
  return all;
}

/** Every kind of event, with what has happened and the schema of its data, as the guide and OpenAPI say it. */
export const eventKinds = kinds({
  "station.registered": {
    description: "A station was entered, by an operator or by itself; its `registration`.",
    data: record({ registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]) }),
  },
  "station.changed": {
    description: "Settings of a station were changed, or its registration; what was changed.",
    data: changedSettings,
  },
  "station.removed": { description: "A station was removed.", data: empty },
  "station.refused": {
    description: "An unknown station was refused; where it came from and which versions it offered.",
    data: record({
      remoteAddress: string(),
      subprotocols: list(string(), "The versions that it offered."),
      suppressed: count("How many refusals before it no event reported."),
    }),
  },
  "station.connected": {
    description: "A station has connected; its version and address.",
    data: record({ protocol: string(), remoteAddress: string(), securityProfile: integer() }),
  },
  "station.disconnected": {
    description: "The connection of a station is gone; the code and reason of its end.",
    data: record({ code: integer(), reason: string() }),
  },
  "station.online": {
    description: "A station that counted as offline was heard of again.",
    data: record({ protocol: string() }, ["protocol"]),
  },
  "station.offline": {
    description: "A station was not heard of for longer than it should be.",
    data: empty,
  },
  "station.booted": {
    description: "A BootNotification was answered; what the station said of itself, and the registration.",
    data: record({
      registration: choice("What it was answered with.", ["Accepted", "Pending", "Rejected"]),
      vendor: nullable(string()),
      model: nullable(string()),
      firmwareVersion: nullable(string()),
      reason: nullable(string()),
    }),
  },
  "station.heartbeat": { description: "A Heartbeat.", data: empty },
  "station.security": {
    description: "A SecurityEventNotification; its type.",
    data: record(
      {
        type: string(),
        timestamp: string("The station's time, as it wrote it."),
        techInfo: string(),
        critical: boolean(),
      },
      ["techInfo"],
    ),
  },
  "station.notified": {
    description:
      "Another message that only notifies, such as a NotifyEvent or a FirmwareStatusNotification; `action` and its content.",
    data: record({ action: string(), request: {} }),
  },
  "connector.status": {
    description: "The status of a connector, reported or concluded (`concluded`).",
    data: record(
      {
        evseId: whole("The EVSE; in 1.6 the connector."),
        connectorId: whole("The connector."),
        status: string("In the station's words."),
        errorCode: string(),
        info: string(),
        vendorId: string(),
        vendorErrorCode: string(),
        statusTime: string("The station's time of the status, as it wrote it."),
        concluded: boolean("Whether the CSMS has concluded it from a transaction."),
      },
      ["errorCode", "info", "vendorId", "vendorErrorCode", "statusTime", "concluded"],
    ),
  },
  "token.authorized": {
    description: "A station has asked about an id token; the answer.",
    data: record(
      { idToken, type: string(), status: string(), groupId: string(), evseId: integer(), starting: boolean() },
      ["idToken", "type", "groupId", "evseId", "starting"],
    ),
  },
  "token.changed": {
    description: "A token was entered or changed.",
    data: record({ idToken, created: boolean("Whether it is new.") }, ["idToken"]),
  },
  "token.removed": { description: "A token was removed.", data: record({ idToken }, ["idToken"]) },
  "token.erased": {
    description: "A driver was erased: the pseudonym, and how many rows changed.",
    data: record({
      pseudonym: string(),
      changed: annotated({} as Schema<Readonly<Record<string, number>>>, {
        type: "object",
        additionalProperties: count(),
      }),
    }),
  },
  "transaction.started": { description: "A transaction has started; what is known of it.", data: transaction },
  "transaction.updated": {
    description: "A message of a transaction that runs; what is known of it.",
    data: transaction,
  },
  "transaction.ended": {
    description: "A transaction has ended, by the station or provisionally by the CSMS; what is known of it.",
    data: transaction,
  },
  "transaction.corrected": {
    description: "A message came for a transaction that had ended, and has changed it.",
    data: transaction,
  },
  "transaction.stop-failed": {
    description: "A stop ended no transaction; the `reason` for which it was recorded all the same.",
    data: record({ transactionId: string(), reason: string() }),
  },
  "meter.values": {
    description: "Meter values outside of a TransactionEvent; the newest register.",
    data: record(
      {
        id: annotated(rowId, { description: "The id of their transaction." }),
        transactionId: string(),
        evseId: integer(),
        connectorId: integer(),
        register: number("Energy register, Wh."),
        sets: count("How many moments were measured."),
      },
      ["id", "transactionId", "register"],
    ),
  },
  "command.new": {
    description: "A command was taken on; its id, action and who gave it.",
    data: record(command, ["jobId"]),
  },
  "command.sent": { description: "A command was sent.", data: record(command, ["jobId"]) },
  "command.completed": { description: "A command was answered.", data: record(command, ["jobId"]) },
  "command.failed": {
    description: "A command came to no answer; the code and a description.",
    data: record({ ...command, errorCode: string(), errorDescription: string() }, ["jobId"]),
  },
  "job.started": {
    description: "A command to many stations was taken on.",
    data: record({ id: rowId, action: string(), total: count(), requestedBy: string() }),
  },
  "job.finished": {
    description: "All commands of a job have ended; how many were answered.",
    data: record({ id: rowId, action: string(), total: count(), completed: count(), failed: count() }),
  },
  "reservation.changed": {
    description: "A reservation, as it stands now.",
    data: record({ id: integer(), status: string(), answer: nullable(string()), transaction: rowId }, [
      "answer",
      "transaction",
    ]),
  },
  "data.transferred": {
    description: "A DataTransfer of a station; vendor, message id and what it was answered.",
    data: record({ vendorId: string(), messageId: string(), status: string() }, ["messageId"]),
  },
  "background.finished": {
    description: "A background job has run; its name and what it did.",
    data: record({
      id: rowId,
      name: string(),
      startedAt: time,
      finishedAt: nullable(time),
      outcome: string(),
      result: nullable(string()),
    }),
  },
  "system.log": {
    description: "A line of the system log.",
    data: record({ level: string(), source: string(), message: string() }),
  },
});

/** What can happen. Kinds are words with a dot, so that a filter can name a family by what stands before it. */
export type EventKind = keyof typeof eventKinds;

/** What the data of an event is told as: members that may be missing may be undefined, which JSON leaves out. */
type Told<T> = { readonly [Name in keyof T]: object extends Pick<T, Name> ? T[Name] | undefined : T[Name] };

/** The data of the events of a kind. */
export type EventData<Kind extends EventKind = EventKind> = Told<Static<(typeof eventKinds)[Kind]["data"]>>;

/** A kind of events or a family of kinds, by its form. */
export const eventKindSchema: Schema<string> = { type: "string", pattern: "^[a-z]+(\\.[a-z-]+)?$", maxLength: 50 };

/** The families of kinds: what stands before the dot. */
const families: ReadonlySet<string> = new Set(Object.keys(eventKinds).map((kind) => kind.slice(0, kind.indexOf("."))));

/** What is wrong with a text as a kind of events or a family of kinds, as the end of a sentence; undefined where nothing is. */
export function kindFault(text: string): string | undefined {
  if (Object.hasOwn(eventKinds, text) || families.has(text)) return undefined;
  const meant = suggestion(text, [...Object.keys(eventKinds), ...families]);
  const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `${JSON.stringify(text.slice(0, 50))} is no kind of events and no family of kinds${hint}`;
}
