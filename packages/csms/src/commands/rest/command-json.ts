import { choice, nullable, record, rowId, type Schema, stationId, time } from "../../http/schema.ts";
import { isoTime, isoTimeOrNull } from "../../http/times.ts";
import { maskFrame } from "../../observability/secret-mask.ts";
import type { CommandRow } from "../../store/tables/commands.ts";

/** The states of a command, in their order. */
export const commandStates = ["new", "sent", "received", "completed", "error"] as const;

/** A command as REST tells it. */
export const commandSchema: Schema = {
  title: "Command",
  ...record({
    id: { type: "string", description: "Its unique id, which is the message id on the wire." },
    chargePointId: stationId,
    action: { type: "string" },
    payload: { description: "What was sent; secrets are masked." },
    state: choice("How far it is.", commandStates),
    result: { description: "The payload of the answer; null where there is none." },
    errorCode: nullable({
      type: "string",
      description: "The code of the CALLERROR, or NotConnected, Timeout, and so on.",
    }),
    errorDescription: nullable({ type: "string" }),
    jobId: nullable(rowId),
    requestedBy: { type: "string" },
    createdAt: time,
    deadline: time,
    sentAt: nullable(time),
    receivedAt: nullable(time),
    completedAt: nullable(time),
  }),
};

/** A payload that was kept as text, without its secrets. */
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
export function commandJson(row: CommandRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
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
