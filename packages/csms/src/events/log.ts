import { createHash } from "node:crypto";
import type { Clock } from "@ocpp/core";
import type { Log } from "../observability/logging.ts";
import type { Store, Write, WriteQuery } from "../store/store.ts";
import type { EventRow } from "../store/tables/events.ts";
import type { CsmsEvent, EventFilter, Events, NewEvent } from "./events.ts";
import { createFifo } from "./fifo.ts";
import type { EventKind } from "./kinds.ts";
import { createEventRepository } from "./repository.ts";
import { storedEventData } from "./stored.ts";

/** How many characters the data of an event may have as JSON; of more, short members are kept, with the size of the whole. */
const longestData = 262_144;
/** How many characters the data of events may have that no caller waits for, on their way to the store. */
const appendLength = 33_554_432;
/** How many milliseconds lie between two reports of events that were dropped. */
const dropInterval = 10_000;

/** Called with each event that is stored, in their order, with the bytes of its data. */
export interface EventMeter {
  note(stationId: string | null, id: number, bytes: number): void;
}

interface BoundedData {
  readonly data: unknown;
  readonly json: string;
}

/** An event's data as it is stored, with its JSON: the same unless it is too long. */
function boundedData(data: unknown): BoundedData {
  const json = JSON.stringify(data);
  if (json.length <= longestData) return { data, json };
  const short = Object.entries(data as object).filter(
    ([, value]) => typeof value !== "object" && (typeof value !== "string" || value.length <= 1_000),
  );
  const digest = createHash("sha256").update(json).digest("hex");
  const bounded = { ...Object.fromEntries(short), truncated: true, length: Buffer.byteLength(json), digest };
  return { data: bounded, json: JSON.stringify(bounded) };
}

function toRow({ event, json }: Pending): EventRow {
  return { id: event.id, station_id: event.stationId, kind: event.kind, at: event.at, data: json };
}

function fromRow(row: EventRow): CsmsEvent {
  return {
    id: row.id,
    stationId: row.station_id,
    kind: row.kind as EventKind,
    at: row.at,
    data: JSON.parse(storedEventData(row.kind, row.data)) as unknown,
  };
}

/** An event on its way: nobody knows yet whether it will be stored, or it was stored or lost. */
interface Pending {
  readonly event: CsmsEvent;
  /** Its data as JSON. */
  readonly json: string;
  fate: "open" | "kept" | "lost";
}

/**
 * Makes the log of events over a store. Commits may end in another order than they began in, so an event is told, and shows
 * up in the history, when the fate of all before it is known: whoever resumes from an id has not missed a lower one. What
 * a listener throws is logged: it must not undo what was stored.
 */
export function createEvents(store: Store, clock: Clock, log: Log, meter?: EventMeter): Events {
  const listeners = new Set<(event: CsmsEvent) => void>();
  const repository = createEventRepository(store);

  const pending = createFifo<Pending>();

  const begin = (events: readonly NewEvent[]): Pending[] => {
    // All of them before the first one waits for its fate: data that cannot be written as JSON throws.
    const bounded = events.map(({ data }) => boundedData(data));
    return events.map(({ stationId, kind }, index) => {
      const { data, json } = bounded[index] as BoundedData;
      const event = { id: store.nextId(), stationId, kind, at: clock.now(), data };
      const made: Pending = { event, json, fate: "open" };
      pending.push(made);
      return made;
    });
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
    const rows = await repository.after(id, horizon(), filter, limit);
    return rows.map(fromRow);
  };

  const keep = async (
    writes: readonly (Write | WriteQuery)[],
    made: readonly Pending[],
  ): Promise<readonly number[]> => {
    try {
      const rows = made.map(toRow);
      const changed = await store.write(...writes, ...rows.map(repository.insertion));
      settle(made, "kept");
      if (meter !== undefined) {
        for (const { station_id, id, data } of rows) meter.note(station_id, id, Buffer.byteLength(data));
      }
      return changed.slice(0, writes.length);
    } catch (error) {
      settle(made, "lost");
      throw error;
    }
  };

  /** Characters of appended events that are on their way, and how many were dropped since that was told. */
  let appended = 0;
  let dropped = 0;
  let droppedTold = Number.NEGATIVE_INFINITY;
  const drop = (): void => {
    dropped += 1;
    if (clock.now() - droppedTold < dropInterval) return;
    droppedTold = clock.now();
    log.error({ count: dropped }, "More events that nobody waits for came than could be kept");
    dropped = 0;
  };

  return {
    commit: async (writes, events) => keep(writes, begin(events)),
    append: (event) => {
      if (appended > appendLength) {
        drop();
        return;
      }
      const failed = (error: unknown): void => {
        log.error({ kind: event.kind, error }, "An event could not be persisted");
      };
      try {
        const made = begin([event]);
        const length = made.reduce((sum, { json }) => sum + json.length, 0);
        appended += length;
        void keep([], made)
          .catch(failed)
          .finally(() => {
            appended -= length;
          });
      } catch (error) {
        failed(error);
      }
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
      return (await repository.newestBefore(horizon())) ?? 0;
    },
  };
}

/** Whether a filter lets nothing through; a database would refuse the empty list. */
function emptyFilter({ stations, kinds }: EventFilter): boolean {
  return stations?.length === 0 || kinds?.length === 0;
}
