import { maskFrame } from "../../observability/secret-mask.ts";
import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  annotated,
  choice,
  nullable,
  record,
  rowId,
  type Static,
  stationId,
  string,
  time,
} from "../../shared/schema.ts";
import type { CommandRow } from "../../store/tables/commands.ts";

/** The states of a command, in their order. */
export const commandStates: readonly CommandRow["state"][] = ["new", "sent", "received", "completed", "error"];

/** The schema of a command. */
export const commandSchema = annotated(
  record({
    id: string("Its unique id, which is the message id on the wire."),
    stationId,
    action: string(),
    payload: { description: "What was sent; secrets are masked." },
    state: choice("How far it is.", commandStates),
    result: { description: "The payload of the answer; null where there is none." },
    errorCode: nullable(string("The code of the CALLERROR, or NotConnected, Timeout, and so on.")),
    errorDescription: nullable(string()),
    jobId: nullable(rowId),
    requestedBy: string(),
    createdAt: time,
    deadline: time,
    sentAt: nullable(time),
    receivedAt: nullable(time),
    completedAt: nullable(time),
  }),
  { title: "Command" },
);

/** A payload that was stored as text, without its secrets. */
function payloadOf(text: string | null): unknown {
  if (text === null) return null;
  const masked = maskFrame(text);
  try {
    return JSON.parse(masked) as unknown;
  } catch {
    return masked;
  }
}

/** A command, as JSON. */
export function commandJson(row: CommandRow): Static<typeof commandSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    action: row.action,
    payload: payloadOf(row.payload),
    state: row.state,
    result: payloadOf(row.result),
    errorCode: row.error_code,
    errorDescription: row.error_description,
    jobId: row.job_id,
    requestedBy: row.requested_by,
    createdAt: isoTime(row.created_at),
    deadline: isoTime(row.deadline_at),
    sentAt: isoTimeOrNull(row.sent_at),
    receivedAt: isoTimeOrNull(row.received_at),
    completedAt: isoTimeOrNull(row.completed_at),
  };
}
