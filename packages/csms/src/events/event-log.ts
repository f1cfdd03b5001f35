import type { Clock } from "@ocpp/core";
import type { Log } from "../operation/logging.ts";
import type { Store } from "../store/store.ts";
import type { EventRow } from "../store/tables.ts";
import { kindRanges } from "./event-filter.ts";
import type { CsmsEvent, EventFilter, EventKind, Events, NewEvent } from "./events.ts";
import { createFifo } from "./fifo.ts";

function toRow(event: CsmsEvent): EventRow {
  return {
    id: event.id,
    station_id: event.stationId,
    kind: event.kind,
    at: event.at,
    data: JSON.stringify(event.data),
  };
}

function fromRow(row: EventRow): CsmsEvent {
  return {
    id: row.id,
    stationId: row.station_id,
    kind: row.kind as EventKind,
    at: row.at,
    data: JSON.parse(row.data) as unknown,
  };
}

/** An event on its way: nobody knows yet whether it will be kept, or it was kept or lost. */
interface Pending {
  readonly event: CsmsEvent;
  fate: "open" | "kept" | "lost";
}

/**
 * Makes the log of events over a store. Commits may end in another order than they began in, so an event is told, and shows
 * up in the history, when the fate of all before it is known: whoever resumes from an id has not missed a lower one. What
 * a listener throws is logged: it must not undo what was kept.
 */
export function createEvents(store: Store, clock: Clock, log: Log): Events {
  const listeners = new Set<(event: CsmsEvent) => void>();
  const insert = store.prepare<EventRow>((db, row) => db.insertInto("events").values(row));

  const pending = createFifo<Pending>();

  const begin = (event: NewEvent): Pending => {
    const { stationId, kind, data } = event;
    const made: Pending = { event: { id: store.nextId(), stationId, kind, at: clock.now(), data }, fate: "open" };
    pending.push(made);
    return made;
  };

  const tell = (event: CsmsEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error({ kind: event.kind, error }, "A listener of events failed");
      }
    }
  };

  const settle = (made: readonly Pending[], fate: "kept" | "lost"): void => {
    for (const one of made) one.fate = fate;
    for (let first = pending.first(); first !== undefined && first.fate !== "open"; first = pending.first()) {
      pending.shift();
      if (first.fate === "kept") tell(first.event);
    }
  };

  /** No id from here on is settled. */
  const horizon = (): number => pending.first()?.event.id ?? Number.MAX_SAFE_INTEGER;

  const after = async (id: number, filter: EventFilter, limit: number): Promise<CsmsEvent[]> => {
    let query = store.reader
      .selectFrom("events")
      .selectAll()
      .where("id", ">", id)
      .where("id", "<", horizon())
      .orderBy("id")
      .limit(limit);
    const { stations, kinds } = filter;
    if (stations !== undefined) query = query.where("station_id", "in", stations);
    if (kinds !== undefined) {
      query = query.where((where) =>
        where.or(
          kindRanges(kinds).map(({ from, to }) => where.and([where("kind", ">=", from), where("kind", "<=", to)])),
        ),
      );
    }
    return (await query.execute()).map(fromRow);
  };

  const commit: Events["commit"] = async (writes, events) => {
    const made = events.map(begin);
    try {
      const changed = await store.write(...writes, ...made.map(({ event }) => insert(toRow(event))));
      settle(made, "kept");
      return changed.slice(0, writes.length);
    } catch (error) {
      settle(made, "lost");
      throw error;
    }
  };

  return {
    commit,
    append: (event) => {
      commit([], [event]).catch((error: unknown) => {
        log.error({ kind: event.kind, error }, "An event could not be kept");
      });
    },
    subscribe: (listener) => {
      const own = (event: CsmsEvent): void => {
        listener(event);
      };
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    after: (id, filter, limit) => (emptyFilter(filter) ? Promise.resolve([]) : after(id, filter, limit)),
    newest: async () => {
      const settled = store.reader.selectFrom("events").select("id").where("id", "<", horizon());
      const row = await settled.orderBy("id", "desc").limit(1).executeTakeFirst();
      return row?.id ?? 0;
    },
  };
}

/** Whether a filter lets nothing through; a database would refuse the empty list. */
function emptyFilter({ stations, kinds }: EventFilter): boolean {
  return stations?.length === 0 || kinds?.length === 0;
}
