import type { CommandBooks } from "../commands/books.ts";
import type { CommandOutcome } from "../commands/command.ts";
import type { TransactionRecorder } from "../transactions/recorder.ts";
import type { RemoteStarts } from "../transactions/repository/remote-starts.ts";
import type { ReservationBook } from "./reservations.ts";

/** The requests that begin or end something, of all versions, as far as they are read. */
interface Request {
  readonly idTag?: string;
  readonly idToken?: { readonly idToken: string; readonly type: string };
  readonly parentIdTag?: string;
  readonly groupIdToken?: { readonly idToken: string };
  readonly connectorId?: number;
  readonly evseId?: number;
  readonly connectorType?: string;
  readonly id?: number;
  readonly reservationId?: number;
  readonly expiryDate?: string;
  readonly expiryDateTime?: string;
  readonly remoteStartId?: number;
  readonly transactionId?: number | string;
}

/** What the station answered, or the code of what came in its place. */
function answerOf(outcome: CommandOutcome): string {
  if (outcome.state === "error") return outcome.code;
  const { status } = outcome.result as { readonly status?: unknown };
  return typeof status === "string" ? status : "Unknown";
}

const isAccepted = (outcome: CommandOutcome): boolean =>
  outcome.state === "completed" && answerOf(outcome) === "Accepted";

/** EVSE 0 and connector 0 stand for any. */
const place = ({ evseId, connectorId }: Request): number | undefined => evseId ?? (connectorId || undefined);

/**
 * Makes the books of commands that are given as they are, by REST, jobs and plug-ins: reservations, remote starts and requested
 * stops stand in the same places as those of the named operations.
 */
export function createCommandBooks({
  reservations,
  transactions,
  remoteStarts,
}: {
  readonly reservations: ReservationBook;
  readonly transactions: TransactionRecorder;
  readonly remoteStarts: RemoteStarts;
}): CommandBooks {
  const remoteStart = async (stationId: string, request: Request) => {
    const { idTag, idToken, remoteStartId } = request;
    const start = await remoteStarts.begin({
      stationId,
      idToken: idToken?.idToken ?? idTag ?? "",
      type: idToken?.type,
      evseId: place(request),
      remoteStartId,
    });
    return async (outcome: CommandOutcome): Promise<void> => {
      if (!isAccepted(outcome)) await start.refused();
    };
  };

  const remoteStop = async (stationId: string, { transactionId }: Request, reason: string | undefined) => {
    const row = await transactions.find(String(transactionId), stationId);
    if (row === undefined || row.complete === 1) return undefined;
    return async (outcome: CommandOutcome): Promise<void> => {
      if (!isAccepted(outcome)) return;
      await transactions.noteRequestedStop(row.id, reason === undefined ? "Remote" : `Remote: ${reason}`);
    };
  };

  const reserve = async (stationId: string, request: Request) => {
    const { idTag, idToken, parentIdTag, groupIdToken, connectorType } = request;
    const settle = await reservations.asked(request.id ?? request.reservationId ?? 0, {
      stationId,
      idToken: idToken?.idToken ?? idTag ?? "",
      type: idToken?.type,
      groupId: groupIdToken?.idToken ?? parentIdTag,
      evseId: place(request),
      connectorType,
      expiresAt: Date.parse(request.expiryDateTime ?? request.expiryDate ?? ""),
    });
    return (outcome: CommandOutcome): Promise<void> =>
      settle(answerOf(outcome), outcome.state === "error" ? "Failed" : isAccepted(outcome) ? "Active" : "Refused");
  };

  const cancel = async (stationId: string, { reservationId = 0 }: Request) => {
    const row = await reservations.get(reservationId);
    if (row === undefined || row.station_id !== stationId) return undefined;
    return async (outcome: CommandOutcome): Promise<void> => {
      if (isAccepted(outcome)) await reservations.cancelled(reservationId, stationId);
    };
  };

  return async ({ station_id: stationId, action, payload, reason }) => {
    const request = payload as Request;
    switch (action) {
      case "RemoteStartTransaction":
      case "RequestStartTransaction":
        return remoteStart(stationId, request);
      case "RemoteStopTransaction":
      case "RequestStopTransaction":
        return remoteStop(stationId, request, reason);
      case "ReserveNow":
        return reserve(stationId, request);
      case "CancelReservation":
        return cancel(stationId, request);
      default:
        return undefined;
    }
  };
}
