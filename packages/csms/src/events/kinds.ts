import { suggestion } from "../config/suggestion.ts";
import type { EventKind } from "./events.ts";

/** Every kind of event, with what has happened and what its data tells, as the guide and OpenAPI say it. */
export const eventKinds: Readonly<Record<EventKind, string>> = {
  "station.registered": "A station was entered, by an operator or by itself; its `registration`.",
  "station.changed": "Settings of a station were changed, or its registration; what was changed.",
  "station.removed": "A station was removed.",
  "station.refused": "An unknown station was refused; where it came from and which versions it offered.",
  "station.connected": "A station has connected; its version and address.",
  "station.disconnected": "The connection of a station is gone; the code and reason of its end.",
  "station.online": "A station that counted as offline was heard of again.",
  "station.offline": "A station was not heard of for longer than it should be.",
  "station.booted": "A BootNotification was answered; what the station said of itself, and the registration.",
  "station.heartbeat": "A Heartbeat.",
  "station.security": "A SecurityEventNotification; its type.",
  "station.notified":
    "Another message that only tells something, such as a NotifyEvent or a FirmwareStatusNotification; `action` and its content.",
  "connector.status": "The status of a connector, reported or concluded (`concluded`).",
  "token.authorized": "A station has asked about an id token; what it was told.",
  "token.changed": "A token was entered or changed.",
  "token.removed": "A token was removed.",
  "token.erased": "A driver was erased: the pseudonym, and how many rows changed.",
  "transaction.started": "A transaction has started; what is known of it.",
  "transaction.updated": "A message of a transaction that runs; what is known of it.",
  "transaction.ended": "A transaction has ended, by the station or provisionally by the CSMS; what is known of it.",
  "transaction.corrected": "A message came for a transaction that had ended, and has changed it.",
  "transaction.stop-failed": "A stop ended no transaction; the `reason` for which it was recorded all the same.",
  "meter.values": "Meter values outside of a TransactionEvent; the newest register.",
  "command.new": "A command was taken on; its id, action and who gave it.",
  "command.sent": "A command was sent.",
  "command.completed": "A command was answered.",
  "command.failed": "A command came to no answer; the code and a description.",
  "job.started": "A command to many stations was taken on.",
  "job.finished": "All commands of a job have ended; how many were answered.",
  "reservation.changed": "A reservation, as it stands now.",
  "data.transferred": "A DataTransfer of a station; vendor, message id and what it was answered.",
  "background.finished": "A background job has run; its name and what it did.",
  "system.log": "A line of the system log.",
};

/** The families of kinds: what stands before the dot. */
const families: ReadonlySet<string> = new Set(Object.keys(eventKinds).map((kind) => kind.slice(0, kind.indexOf("."))));

/** What is wrong with a text as a kind of events or a family of kinds, as the end of a sentence; undefined where nothing is. */
export function kindFault(text: string): string | undefined {
  if (Object.hasOwn(eventKinds, text) || families.has(text)) return undefined;
  const meant = suggestion(text, [...Object.keys(eventKinds), ...families]);
  const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `${JSON.stringify(text.slice(0, 50))} is no kind of events and no family of kinds${hint}`;
}
