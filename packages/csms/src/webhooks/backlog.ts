/*
 * What waits for one webhook. The store holds all of it; here is a window of bounded size, filled in the order of ids and
 * sorted into lanes, one for each station. The next delivery of a lane is given out when the one before has ended, so
 * events of a station stay in order and stations do not wait for one another: a lane holds few deliveries in memory, and
 * one whose first delivery failed none; the rest is read again, by the station, when its turn comes. That rule is why it
 * stands in one file.
 */
import type { WaitingDeliveries, WaitingDelivery } from "./repository/waiting.ts";

/** Deliveries that are posted together: one, or a batch. None of their lanes gives out another until they have ended. */
export interface Consignment {
  readonly deliveries: readonly WaitingDelivery[];
  /** How often it was tried. */
  readonly attempts: number;
  /** When it may be tried, in milliseconds since 1970. */
  readonly nextAt: number;
  /** False for what was given up before and is sent once more: it holds up no later delivery, since those have gone. */
  readonly ordered: boolean;
}

/** How much goes into a consignment. */
export interface ConsignmentLimits {
  readonly events: number;
  readonly bytes: number;
  /** How many bytes a delivery takes, separators included. */
  size(delivery: WaitingDelivery): number;
}

/** What waits for one webhook, in memory and in the store. */
export interface WebhookBacklog {
  /** Whether `read` would bring something, as far as is known. */
  readonly wanting: boolean;
  /** There may be more in the store than was read. */
  extend(): void;
  /** Reads one page; to be called by one caller at a time. Rejects as the store does, and then changes nothing. */
  read(now: number): Promise<void>;
  /** Whether `next` would give something out. */
  ready(now: number): boolean;
  /** Gives out what may be sent, in turn from all lanes; undefined where there is nothing. */
  next(now: number, limits: ConsignmentLimits): Consignment | undefined;
  /** A consignment has ended, delivered or given up: its lanes go on. */
  end(consignment: Consignment): void;
  /** A consignment that was given out is to be given out again, as a whole, at a time; its lanes wait for it. */
  postpone(consignment: Consignment, attempts: number, nextAt: number): void;
  /** Adds a delivery that had been given up, and is tried at once. */
  add(delivery: WaitingDelivery): void;
  /** Whether a delivery is given out. */
  isOut(deliveryId: number): boolean;
  /** Deliveries that are not given out were given up, and the store knows of it. */
  forget(deliveryIds: ReadonlySet<number>): void;
}

/** The deliveries of a station. */
interface Lane {
  readonly stationId: string | null;
  readonly rows: WaitingDelivery[];
  /** Up to which id they were taken from the store. */
  read: number;
  /** Whether the store has more of them, behind `read` and not behind the cursor. */
  more: boolean;
  /** Whether the next of those may only be tried later: it is read again when all before it have ended. */
  early: boolean;
  /** Out: a delivery of it is given out; waiting: it is to be tried later. */
  state: "free" | "out" | "waiting";
}

/** How many deliveries of a station, and of all, are in memory before no more are read. */
const laneSize = 100;
const windowSize = 1_000;
const pageSize = 500;

/** A delivery that takes little memory while it waits: the data of its event is read again when it is sent. */
function withoutData(delivery: WaitingDelivery): WaitingDelivery {
  const { event } = delivery;
  return event === undefined ? delivery : { ...delivery, event: { ...event, data: undefined } };
}

/** Makes the backlog of a webhook, with nothing read. `batch` is how many deliveries a consignment may hold. */
export function createWebhookBacklog(webhookId: number, reading: WaitingDeliveries, batch: number): WebhookBacklog {
  const laneLimit = Math.max(laneSize, batch);
  const windowLimit = Math.max(windowSize, 2 * batch);
  const lanes = new Map<string | null, Lane>();
  /** Lanes that have something to give out, in the order of their turns. */
  const free = new Set<Lane>();
  /** Lanes to read more of, in the order of their turns. */
  const short = new Set<Lane>();
  const out = new Set<Consignment>();
  /** What is tried later, what may be tried again now, and when the first of the former may. */
  const waiting = new Set<Consignment>();
  const due = new Set<Consignment>();
  let earliest = Number.POSITIVE_INFINITY;
  let held = 0;
  /** What was given up since the last read began, and may be in what it brings. */
  const forgotten = new Set<number>();
  /** Up to which id everything was read, or is left to its lane to read. */
  let cursor = 0;
  /** Counts what may have come; and how much of that had come when the end of the store was last seen. */
  let extended = 1;
  let seen = 0;
  /** Whose turn it is: the page behind the cursor or a lane; what is new or what is tried again. */
  let laneTurn = false;
  let dueTurn = true;

  const laneOf = (stationId: string | null): Lane => {
    const known = lanes.get(stationId);
    if (known !== undefined) return known;
    const made: Lane = { stationId, rows: [], read: 0, more: false, early: false, state: "free" };
    lanes.set(stationId, made);
    return made;
  };

  /** Puts a lane where it belongs, after it has changed. */
  const sort = (lane: Lane): void => {
    if (lane.state === "free" && lane.rows.length > 0) free.add(lane);
    else free.delete(lane);
    const empty = lane.state === "free" && lane.rows.length === 0;
    const wanting = lane.early ? empty : lane.state !== "waiting" && lane.rows.length <= laneLimit / 4;
    if (lane.more && wanting) short.add(lane);
    else short.delete(lane);
    // All up to the cursor has been given out, so nothing has to be remembered.
    if (empty && !lane.more) lanes.delete(lane.stationId);
  };

  const lanesOf = ({ deliveries, ordered }: Consignment): Set<Lane> =>
    new Set(ordered ? deliveries.map(({ stationId }) => laneOf(stationId)) : []);

  const wait = (consignment: Consignment): void => {
    waiting.add(consignment);
    earliest = Math.min(earliest, consignment.nextAt);
    for (const lane of lanesOf(consignment)) {
      lane.state = "waiting";
      if (lane.rows.length > 0) {
        // What is behind it would take room for as long as it waits.
        held -= lane.rows.length;
        lane.read = (lane.rows[0]?.id ?? lane.read) - 1;
        lane.rows.length = 0;
        lane.more = true;
      }
      sort(lane);
    }
  };

  /** Takes a delivery that was read into its lane, where there is room. */
  const place = (delivery: WaitingDelivery, now: number): void => {
    if (forgotten.has(delivery.id)) return;
    const lane = laneOf(delivery.stationId);
    if (lane.more || lane.state === "waiting" || lane.rows.length >= laneLimit) lane.more = true;
    else if (delivery.nextAt > now && lane.state === "free" && lane.rows.length === 0) {
      lane.read = delivery.id;
      wait({ deliveries: [delivery], attempts: delivery.attempts, nextAt: delivery.nextAt, ordered: true });
    } else if (delivery.nextAt > now) {
      lane.more = true;
      lane.early = true;
    } else {
      lane.read = delivery.id;
      lane.rows.push(delivery);
      held += 1;
    }
    sort(lane);
  };

  const readPage = async (now: number): Promise<void> => {
    const known = extended;
    const rows = await reading.page(webhookId, cursor, pageSize);
    for (const row of rows) place(row, now);
    cursor = rows.at(-1)?.id ?? cursor;
    if (rows.length < pageSize) seen = known;
  };

  const readLane = async (lane: Lane, now: number): Promise<void> => {
    const { stationId, read } = lane;
    const rows = await reading.lane(webhookId, stationId, read, cursor, laneLimit);
    // Its first delivery has failed meanwhile: it is read when that has ended.
    if (lane.state === "waiting" || lane.read !== read) return;
    lane.more = false;
    lane.early = false;
    for (const row of rows) place(row, now);
    if (rows.length === laneLimit) lane.more = true;
    sort(lane);
  };

  const refresh = (now: number): void => {
    if (now < earliest) return;
    earliest = Number.POSITIVE_INFINITY;
    for (const consignment of waiting) {
      if (consignment.nextAt > now) earliest = Math.min(earliest, consignment.nextAt);
      else {
        waiting.delete(consignment);
        due.add(consignment);
      }
    }
  };

  /**
   * Takes from the lanes, in turn, what fits; the first delivery always does. All were tried as often: what is given up
   * with others has had as many attempts of its own.
   */
  const collect = (limits: ConsignmentLimits): Consignment | undefined => {
    const { events, bytes } = limits;
    const deliveries: WaitingDelivery[] = [];
    let length = 0;
    let attempts: number | undefined;
    let full = false;
    for (const lane of free) {
      let count = 0;
      for (const row of lane.rows) {
        const longer = length + limits.size(row);
        attempts ??= row.attempts;
        full = deliveries.length >= events || (deliveries.length > 0 && longer > bytes);
        if (full || row.attempts !== attempts) break;
        deliveries.push(row);
        length = longer;
        count += 1;
      }
      if (count > 0) {
        lane.rows.splice(0, count);
        held -= count;
        lane.state = "out";
        sort(lane);
      }
      if (full || deliveries.length >= events) break;
    }
    if (attempts === undefined) return undefined;
    return { deliveries: deliveries.sort((a, b) => a.id - b.id), attempts, nextAt: 0, ordered: true };
  };

  const nextDue = (): Consignment | undefined => {
    const [first] = due;
    if (first === undefined) return undefined;
    due.delete(first);
    for (const lane of lanesOf(first)) lane.state = "out";
    return first;
  };

  const end = (consignment: Consignment): void => {
    out.delete(consignment);
    for (const lane of lanesOf(consignment)) {
      lane.state = "free";
      sort(lane);
    }
  };

  const without = (consignment: Consignment, ids: ReadonlySet<number>): Consignment | undefined => {
    const deliveries = consignment.deliveries.filter(({ id }) => !ids.has(id));
    if (deliveries.length === consignment.deliveries.length) return consignment;
    const lanesBefore = lanesOf(consignment);
    const left = deliveries.length === 0 ? undefined : { ...consignment, deliveries };
    const lanesLeft = left === undefined ? new Set<Lane>() : lanesOf(left);
    for (const lane of lanesBefore) {
      if (lanesLeft.has(lane)) continue;
      lane.state = "free";
      sort(lane);
    }
    return left;
  };

  return {
    get wanting() {
      return short.size > 0 || (seen < extended && held < windowLimit);
    },
    extend: () => {
      extended += 1;
    },
    read: async (now) => {
      forgotten.clear();
      const [lane] = short;
      const mayPage = seen < extended && held < windowLimit;
      laneTurn = lane !== undefined && (!laneTurn || !mayPage);
      if (lane === undefined || !laneTurn) return mayPage ? readPage(now) : undefined;
      short.delete(lane);
      await readLane(lane, now).catch((error: unknown) => {
        sort(lane);
        throw error;
      });
    },
    ready: (now) => {
      refresh(now);
      return due.size > 0 || free.size > 0;
    },
    next: (now, limits) => {
      refresh(now);
      const again = due.size > 0 && (dueTurn || free.size === 0);
      dueTurn = !again;
      const consignment = again ? nextDue() : collect(limits);
      if (consignment !== undefined) out.add(consignment);
      return consignment;
    },
    end,
    postpone: (consignment, attempts, nextAt) => {
      out.delete(consignment);
      wait({ ...consignment, deliveries: consignment.deliveries.map(withoutData), attempts, nextAt });
    },
    add: (delivery) => {
      const lane = lanes.get(delivery.stationId);
      // Its lane has not come so far yet, and reads it in its turn.
      if (delivery.id > cursor || (lane?.more === true && delivery.id > lane.read)) return;
      due.add({ deliveries: [delivery], attempts: delivery.attempts, nextAt: delivery.nextAt, ordered: false });
    },
    isOut: (deliveryId) => Array.from(out).some(({ deliveries }) => deliveries.some(({ id }) => id === deliveryId)),
    forget: (ids) => {
      for (const id of ids) forgotten.add(id);
      for (const lane of Array.from(lanes.values())) {
        const left = lane.rows.filter(({ id }) => !ids.has(id));
        if (left.length === lane.rows.length) continue;
        held -= lane.rows.length - left.length;
        lane.rows.splice(0, lane.rows.length, ...left);
        sort(lane);
      }
      for (const set of [waiting, due]) {
        for (const consignment of Array.from(set)) {
          const left = without(consignment, ids);
          if (left === consignment) continue;
          set.delete(consignment);
          if (left !== undefined) set.add(left);
        }
      }
    },
  };
}
