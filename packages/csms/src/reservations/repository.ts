import type { Store, WriteQuery } from "../store/store.ts";
import type { ReservationRow } from "../store/tables/reservations.ts";

/** What the end of a reservation needs to know of it. */
export type HeldReservation = Pick<ReservationRow, "id" | "station_id" | "status">;

/** The rows of reservations. */
export interface ReservationRepository {
  readonly get: (id: number) => Promise<ReservationRow | undefined>;
  /** The write of a new reservation, for a commit. */
  insertion(row: ReservationRow): WriteQuery;
  /** The write that replaces every column of a reservation, for a commit. */
  replacement(row: ReservationRow): WriteQuery;
  /**
   * Changes columns of a reservation while it is in one of some statuses, so that of two changes the first one counts.
   * Durable when it resolves; whether the reservation was in such a status.
   */
  change(id: number, from: readonly ReservationRow["status"][], fields: Partial<ReservationRow>): Promise<boolean>;
  /** The active reservations of an EVSE, or of all EVSEs of a station where it is 0. */
  active(stationId: string, evseId: number): Promise<HeldReservation[]>;
  /** Reservations in some statuses that have expired at `now`, in milliseconds since 1970: 1,000 at most. */
  due(now: number, statuses: readonly ReservationRow["status"][]): Promise<HeldReservation[]>;
}

const mostDue = 1_000;

/** Makes the repository. */
export function createReservationRepository(store: Store): ReservationRepository {
  const db = store.reader;
  const held = db.selectFrom("reservations").select(["id", "station_id", "status"]);

  return {
    get: (id) => db.selectFrom("reservations").selectAll().where("id", "=", id).executeTakeFirst(),
    insertion: (row) => db.insertInto("reservations").values(row),
    replacement: ({ id, ...fields }) => db.updateTable("reservations").set(fields).where("id", "=", id),
    change: async (id, from, fields) => {
      const [changed = 0] = await store.write(
        db.updateTable("reservations").set(fields).where("id", "=", id).where("status", "in", from),
      );
      return changed > 0;
    },
    active: (stationId, evseId) => {
      const query = held.where("station_id", "=", stationId).where("status", "=", "Active");
      return (evseId === 0 ? query : query.where("evse_id", "=", evseId)).execute();
    },
    due: (now, statuses) =>
      held.where("expires_at", "<=", now).where("status", "in", statuses).limit(mostDue).execute(),
  };
}
