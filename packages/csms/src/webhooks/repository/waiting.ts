import { type SqlBool, sql } from "kysely";
import { storedEventData } from "../../events/stored.ts";
import type { Store } from "../../store/store.ts";

/** A delivery that waits, with what is needed to send it. */
export interface WaitingDelivery {
  readonly id: number;
  readonly webhookId: number;
  readonly eventId: number;
  /** The station whose deliveries it stays in order with; null for events of no station, which stay in order, too. */
  readonly stationId: string | null;
  readonly attempts: number;
  /** When it may be tried, in milliseconds since 1970. */
  readonly nextAt: number;
  /** Undefined where the event is no longer stored. */
  readonly event: WaitingEvent | undefined;
}

/** The event of a delivery that waits. */
export interface WaitingEvent {
  readonly kind: string;
  readonly at: number;
  /** How many bytes its data has. */
  readonly length: number;
  /** Its data as JSON; undefined where that is long, and to be read when it is sent. */
  readonly data: string | undefined;
}

/** Reads deliveries that wait, in the order of their ids. Everything rejects as the store does. */
export interface WaitingDeliveries {
  /** Those of a webhook behind an id. */
  page(webhookId: number, after: number, limit: number): Promise<WaitingDelivery[]>;
  /** Those of a webhook and a station behind an id, up to another. */
  lane(
    webhookId: number,
    stationId: string | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<WaitingDelivery[]>;
  /** One by its id. */
  one(id: number): Promise<WaitingDelivery | undefined>;
  /** The data of events as JSON, by the ids of the events that are still stored. */
  dataOf(eventIds: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** Up to how many bytes of data are read with a delivery, so that what waits in memory stays small. */
const inlineLength = 2_048;

/** The condition of the indexes of what waits; written out, since SQLite takes an index for no parameter. */
const isPending = sql<SqlBool>`deliveries.status = 'pending'`;

interface Row {
  readonly id: number;
  readonly webhook_id: number;
  readonly event_id: number;
  readonly station_id: string | null;
  readonly attempts: number;
  readonly next_at: number;
  readonly kind: string | null;
  readonly at: number | null;
  readonly length: number | null;
  readonly data: string | null;
}

function waitingOf({ kind, at, length, data, ...delivery }: Row): WaitingDelivery {
  const { id, webhook_id, event_id, station_id, attempts, next_at } = delivery;
  const told = kind === null || data === null ? undefined : storedEventData(kind, data);
  return {
    id,
    webhookId: webhook_id,
    eventId: event_id,
    stationId: station_id,
    attempts,
    nextAt: next_at,
    event:
      kind === null
        ? undefined
        : { kind, at: at ?? 0, length: told === undefined ? (length ?? 0) : Buffer.byteLength(told), data: told },
  };
}

/** Makes what reads. */
export function createWaitingDeliveries({ reader }: Pick<Store, "reader">): WaitingDeliveries {
  const pending = () =>
    reader
      .selectFrom("deliveries")
      .leftJoin("events", "events.id", "deliveries.event_id")
      .select(["deliveries.id", "webhook_id", "event_id", "deliveries.station_id", "attempts", "next_at", "kind", "at"])
      .select([
        sql<number | null>`octet_length(events.data)`.as("length"),
        sql<string | null>`case when octet_length(events.data) <= ${sql.lit(inlineLength)} then events.data end`.as(
          "data",
        ),
      ])
      .where(isPending);
  const behind = (webhookId: number, after: number, limit: number) =>
    pending()
      .where("webhook_id", "=", webhookId)
      .where("deliveries.id", ">", after)
      .orderBy("deliveries.id")
      .limit(limit);
  return {
    page: async (...args) => (await behind(...args).execute()).map(waitingOf),
    lane: async (webhookId, stationId, after, upTo, limit) => {
      const own = behind(webhookId, after, limit)
        .where("deliveries.id", "<=", upTo)
        .where("deliveries.station_id", stationId === null ? "is" : "=", stationId);
      return (await own.execute()).map(waitingOf);
    },
    one: async (id) => {
      const row = await pending().where("deliveries.id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : waitingOf(row);
    },
    dataOf: async (eventIds) => {
      if (eventIds.length === 0) return new Map();
      const rows = await reader
        .selectFrom("events")
        .select(["id", "kind", "data"])
        .where("id", "in", eventIds)
        .execute();
      return new Map(rows.map(({ id, kind, data }) => [id, storedEventData(kind, data)]));
    },
  };
}
