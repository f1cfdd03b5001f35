import { OperationError, type Operations } from "../commands/operations.ts";
import { losesReservation } from "../connectors/rules.ts";
import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import type { ReservationRow } from "../store/tables/reservations.ts";
import { createReservationRepository, type HeldReservation } from "./repository.ts";

/** A reservation that a client asks for. */
export interface ReservationRequest {
  readonly stationId: string;
  readonly idToken: string;
  readonly type?: string | undefined;
  readonly groupId?: string | undefined;
  readonly evseId?: number | undefined;
  readonly connectorType?: string | undefined;
  /** Milliseconds since 1970, in the future. */
  readonly expiresAt: number;
  /** An existing reservation of the same station that this one replaces. */
  readonly reservationId?: number | undefined;
}

/** The reservations and their lives. */
export interface ReservationBook {
  /** Records it, asks the station, and records its answer. Rejects as `Operations.reserveNow` does. */
  reserve(request: ReservationRequest, by: string): Promise<ReservationRow>;
  /** Asks the station to cancel. Rejects with a NotFoundError or a ConflictError where there is nothing to cancel. */
  cancel(id: number, by: string): Promise<ReservationRow>;
  get(id: number): Promise<ReservationRow | undefined>;
  /**
   * Records a reservation that a client asks a station for by a ReserveNow of their own, and resolves with what is to be told of
   * the answer: the station's word, or the code of an error, and what becomes of the reservation. Rejects with a
   * ConflictError where the id is that of another station's.
   */
  asked(
    id: number,
    request: Omit<ReservationRequest, "reservationId">,
  ): Promise<(answer: string, status: "Active" | "Refused" | "Failed") => Promise<void>>;
  /** A station has accepted a CancelReservation. */
  cancelled(id: number, stationId: string): Promise<void>;
  /** Notes that a transaction has used it; one that does not fit is left alone. */
  used(id: number, stationId: string, transaction: number): Promise<void>;
  /** ReservationStatusUpdate of 2.x: Expired or Removed. */
  updated(id: number, stationId: string, status: "Expired" | "Removed" | (string & {})): Promise<void>;
  /** Ends those of a connector that became Faulted or Unavailable. */
  connectorLost(stationId: string, evseId: number, status: string): Promise<void>;
  /** Ends those whose time is over; how many. */
  expire(): Promise<number>;
}

type Status = ReservationRow["status"];

/** The statuses in which a station may still hold an EVSE. */
const held: readonly Status[] = ["Requested", "Active", "Cancelling"];

/** Makes the book. */
export function createReservationBook(
  { store, events, clock }: Infrastructure,
  operations: Operations,
  systemLog: SystemLog,
): ReservationBook {
  const rows = createReservationRepository(store);

  const changed = (
    { id, station_id }: Pick<ReservationRow, "id" | "station_id">,
    status: Status,
    more: object = {},
  ): NewEvent => ({ stationId: station_id, kind: "reservation.changed", data: { id, status, ...more } });

  /** Changes a reservation while it is in one of some statuses, so that what came first counts; the row afterwards. */
  const move = async (
    row: ReservationRow,
    from: readonly Status[],
    fields: Partial<ReservationRow> & { readonly status: Status },
  ): Promise<ReservationRow> => {
    const patch = { ...fields, updated_at: clock.now() };
    if (!(await rows.change(row.id, from, patch))) return (await rows.get(row.id)) ?? row;
    events.append(changed(row, fields.status, fields.answer === undefined ? {} : { answer: fields.answer }));
    return { ...row, ...patch };
  };

  /** Ends those that a query finds; how many. */
  const end = async (found: readonly HeldReservation[], status: Status, answer?: string): Promise<number> => {
    let ended = 0;
    for (const row of found) {
      const patch = { status, updated_at: clock.now(), ...(answer === undefined ? {} : { answer }) };
      if (!(await rows.change(row.id, [row.status], patch))) continue;
      ended += 1;
      events.append(changed(row, status, answer === undefined ? {} : { answer }));
    }
    return ended;
  };

  const checkRequest = async ({
    stationId,
    expiresAt,
    reservationId,
  }: ReservationRequest): Promise<ReservationRow | undefined> => {
    if (!Number.isSafeInteger(expiresAt) || expiresAt <= clock.now()) {
      throw new InvalidRequestError("expiresAt must be in the future");
    }
    if (reservationId === undefined) return undefined;
    const replaced = await rows.get(reservationId);
    if (replaced === undefined || replaced.station_id !== stationId) {
      throw new NotFoundError(`The station has no reservation ${reservationId}`);
    }
    if (replaced.status !== "Active")
      throw new ConflictError(`The reservation is ${replaced.status} and cannot be replaced`);
    return replaced;
  };

  const rowOf = (request: ReservationRequest, id: number): ReservationRow => ({
    id,
    station_id: request.stationId,
    evse_id: request.evseId ?? null,
    connector_id: null,
    connector_type: request.connectorType ?? null,
    id_token: request.idToken,
    id_token_type: request.type ?? null,
    group_id: request.groupId ?? null,
    expires_at: request.expiresAt,
    status: "Requested",
    answer: null,
    transaction: null,
    created_at: clock.now(),
    updated_at: clock.now(),
  });

  /** An id that no reservation has; those of stations' own commands are not ours to give. */
  const freshId = async (): Promise<number> => {
    for (;;) {
      const id = await store.nextNumber("reservation");
      if ((await rows.get(id)) === undefined) return id;
    }
  };

  return {
    get: rows.get,
    asked: async (id, request) => {
      const known = id >= 1 && id <= 0x7fff_ffff && Number.isFinite(request.expiresAt);
      const before = known ? await rows.get(id) : undefined;
      if (before !== undefined && before.station_id !== request.stationId) {
        throw new ConflictError(`Reservation ${id} is one of another station: take another id`);
      }
      // What the station could not mean, or we could not find again, is not recorded.
      if (!known) return async () => {};
      const row = rowOf(request, id);
      if (before !== undefined && held.includes(before.status)) {
        const { created_at: _kept, ...fields } = row;
        return async (answer, status) => {
          if (status === "Active") await move(before, held, { ...fields, status, answer });
        };
      }
      const write = before === undefined ? rows.insertion(row) : rows.replacement(row);
      await events.commit([write], [changed(row, "Requested")]);
      return async (answer, status) => {
        await move(row, ["Requested"], { status, answer });
      };
    },
    cancelled: async (id, stationId) => {
      const row = await rows.get(id);
      if (row?.station_id === stationId) await move(row, held, { status: "Cancelled", answer: "Accepted" });
    },
    reserve: async (request, by) => {
      const replaced = await checkRequest(request);
      const row = rowOf(request, replaced?.id ?? (await freshId()));
      if (replaced === undefined) {
        await events.commit([rows.insertion(row)], [changed(row, "Requested")]);
      }
      const { stationId, idToken, type, groupId, evseId, connectorType, expiresAt } = request;
      try {
        const asked = { reservationId: row.id, idToken, type, groupId, evseId, connectorType, expiresAt };
        const { accepted, status: answer } = await operations.reserveNow(stationId, asked, by);
        systemLog.write("INFO", "API", `Reservation ${row.id}: the station answered ${answer}`, stationId);
        // The station may have reported its end before its answer was dealt with; then that counts.
        if (replaced === undefined)
          return await move(row, ["Requested"], { status: accepted ? "Active" : "Refused", answer });
        if (!accepted) return await move(replaced, ["Active"], { status: "Active", answer });
        const { created_at: _kept, ...fields } = row;
        return await move(replaced, ["Active"], { ...fields, status: "Active", answer });
      } catch (error) {
        const answer = error instanceof OperationError ? error.code : "NotSent";
        if (replaced === undefined) await move(row, ["Requested"], { status: "Failed", answer });
        throw error;
      }
    },
    cancel: async (id, by) => {
      const row = await rows.get(id);
      if (row === undefined) throw new NotFoundError(`There is no reservation ${id}`);
      if (row.status !== "Active" && row.status !== "Requested") {
        throw new ConflictError(`The reservation is ${row.status}: there is nothing to cancel`);
      }
      const cancelling = await move(row, [row.status], { status: "Cancelling" });
      try {
        const { accepted, status: answer } = await operations.cancelReservation(row.station_id, id, by);
        // Where it is refused the station knows no such reservation (H02.FR.01), or it is in use: what ends it is yet to come.
        return await move(cancelling, ["Cancelling"], { status: accepted ? "Cancelled" : row.status, answer });
      } catch (error) {
        await move(cancelling, ["Cancelling"], { status: row.status });
        throw error;
      }
    },
    used: async (id, stationId, transaction) => {
      const row = await rows.get(id);
      if (row === undefined || row.station_id !== stationId) return;
      await move(row, held, { status: "Used", transaction });
    },
    updated: async (id, stationId, status) => {
      const row = await rows.get(id);
      if (row === undefined || row.station_id !== stationId) {
        systemLog.write(
          "WARNING",
          "ChargePoint",
          `The station speaks of reservation ${id}, which it does not have`,
          stationId,
        );
        return;
      }
      await move(row, held, { status: status === "Expired" ? "Expired" : "Removed", answer: status });
    },
    connectorLost: async (stationId, evseId, status) => {
      if (!losesReservation(status)) return;
      await end(await rows.active(stationId, evseId), "Removed", status);
    },
    expire: async () => {
      const now = clock.now();
      const expired = await end(await rows.due(now, ["Active", "Cancelling"]), "Expired");
      return expired + (await end(await rows.due(now, ["Requested"]), "Failed", "NoAnswer"));
    },
  };
}
