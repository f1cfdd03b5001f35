import { type SqlBool, sql } from "kysely";
import { idAt } from "../../store/id-source.ts";
import type { Store, Write, WriteQuery } from "../../store/store.ts";
import type { DeliveryRow } from "../../store/tables/webhooks.ts";

/** How an attempt at a delivery ended. */
export type DeliveryOutcome = Pick<
  DeliveryRow,
  "id" | "status" | "attempts" | "next_at" | "last_status" | "last_error" | "updated_at"
>;

/** A delivery that is dropped, and why. */
export type DroppedDelivery = Pick<DeliveryRow, "id" | "last_error" | "next_at" | "updated_at">;

/** The rows of deliveries; `waiting.ts` reads those that are to be sent, with their events. */
export interface DeliveryRepository {
  get(id: number): Promise<DeliveryRow | undefined>;
  /** The event of the newest delivery to a webhook; undefined where there is none. */
  newestEvent(webhookId: number): Promise<number | undefined>;
  /** How many are pending for each webhook that has any. */
  countPending(): Promise<{ readonly webhook_id: number; readonly count: number }[]>;
  /** How many are pending for a webhook, by station. */
  countByStation(webhookId: number): Promise<{ readonly station_id: string | null; readonly count: number }[]>;
  /** The ids of the oldest pending deliveries to a webhook that were created before a time. */
  oldestBefore(webhookId: number, before: number, limit: number): Promise<number[]>;
  /** The ids of the oldest pending deliveries of a station to a webhook; null for events of no station. */
  oldestOf(webhookId: number, stationId: string | null, limit: number): Promise<number[]>;
  /** The write of a new delivery; the same row may be written twice. */
  readonly insertion: (row: DeliveryRow) => Write;
  /**
   * The write of how an attempt ended. One that was dropped while it was under way is delivered all the same where the
   * receiver has accepted it, and stays dropped where not.
   */
  readonly outcome: (outcome: DeliveryOutcome) => Write;
  /** The write that drops a delivery while it is pending. */
  readonly drop: (row: DroppedDelivery) => Write;
  /** The write that makes a delivery pending anew that is dead or was dropped. It waits from `now` on, also for the limits of what waits. */
  readmission(id: number, now: number): WriteQuery;
  /** The write that removes all deliveries to a webhook. */
  removalOf(webhookId: number): WriteQuery;
}

/** The condition of the indexes of what waits; written out, since SQLite takes an index for no parameter. */
const isPending = sql<SqlBool>`status = 'pending'`;

/** Makes the repository. */
export function createDeliveryRepository(store: Store): DeliveryRepository {
  const { reader } = store;
  const persisted = (onlyPending: boolean) =>
    store.prepare<DeliveryOutcome>((db, row) => {
      const update = db
        .updateTable("deliveries")
        .set({
          status: row.status,
          attempts: row.attempts,
          next_at: row.next_at,
          last_status: row.last_status,
          last_error: row.last_error,
          updated_at: row.updated_at,
        })
        .where("id", "=", row.id);
      return onlyPending ? update.where("status", "=", "pending") : update;
    });
  const delivered = persisted(false);
  const refused = persisted(true);

  const oldest = (webhookId: number, limit: number) =>
    reader
      .selectFrom("deliveries")
      .select("id")
      .where("webhook_id", "=", webhookId)
      .where(isPending)
      .orderBy("id")
      .limit(limit);
  const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

  return {
    get: (id) => reader.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst(),
    newestEvent: async (webhookId) => {
      const newest = await reader
        .selectFrom("deliveries")
        .select("event_id")
        .where("webhook_id", "=", webhookId)
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return newest?.event_id;
    },
    countPending: () =>
      reader
        .selectFrom("deliveries")
        .select(["webhook_id", (eb) => eb.fn.countAll<number>().as("count")])
        .where(isPending)
        .groupBy("webhook_id")
        .execute(),
    countByStation: (webhookId) =>
      reader
        .selectFrom("deliveries")
        .select(["station_id", (eb) => eb.fn.countAll<number>().as("count")])
        .where("webhook_id", "=", webhookId)
        .where(isPending)
        .groupBy("station_id")
        .execute(),
    oldestBefore: async (webhookId, before, limit) => {
      const query = oldest(webhookId, limit).where("id", "<", idAt(before)).where("created_at", "<", before);
      return idsOf(await query.execute());
    },
    oldestOf: async (webhookId, stationId, limit) => {
      const query = oldest(webhookId, limit);
      const own =
        stationId === null ? query.where("station_id", "is", null) : query.where("station_id", "=", stationId);
      return idsOf(await own.execute());
    },
    // Where a connection is lost behind a commit, the same rows are written once more.
    insertion: store.prepare<DeliveryRow>((db, row) =>
      db
        .insertInto("deliveries")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    ),
    outcome: (outcome) => (outcome.status === "delivered" ? delivered : refused)(outcome),
    drop: store.prepare<DroppedDelivery>((db, row) =>
      db
        .updateTable("deliveries")
        .set({ status: "dropped", last_error: row.last_error, next_at: row.next_at, updated_at: row.updated_at })
        .where("id", "=", row.id)
        .where("status", "=", "pending"),
    ),
    readmission: (id, now) =>
      reader
        .updateTable("deliveries")
        .set({ status: "pending", attempts: 0, next_at: now, created_at: now, updated_at: now })
        .where("id", "=", id)
        .where("status", "in", ["dead", "dropped"]),
    removalOf: (webhookId) => reader.deleteFrom("deliveries").where("webhook_id", "=", webhookId),
  };
}
