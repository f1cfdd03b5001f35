import type { NewEvent } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import type { RefusalLog } from "../observability/refusal-log.ts";
import { addressKey, createRateLimit, type RateLimit } from "../shared/rate-limit.ts";
import type { Write } from "../store/store.ts";
import type { UnknownStationRow } from "../store/tables/stations.ts";
import { createUnknownStationRepository } from "./repository/unknown-stations.ts";

/**
 * The unknown stations that were refused. Anybody can be one, under as many names as they like, so everything about them is
 * bounded: notes are gathered and written together, new names are entered at a limited rate, an address with many of them
 * loses its oldest first, and few events report them.
 */
export interface UnknownStations {
  /** Notes that an unknown station was refused; written a little later, and the caller does not wait. */
  readonly add: (identity: string, remoteAddress: string, subprotocols: readonly string[]) => void;
  /** Resolves when what was noted so far is written, or could not be. */
  readonly flush: () => Promise<void>;
  readonly list: () => Promise<UnknownStationRow[]>;
  readonly dismiss: (identity: string) => Promise<boolean>;
  /** What deletes one from the list, together with other writes. */
  removal(identity: string): Write;
  /** Forgets those that were not seen since a time; how many. */
  expire(before: number): Promise<number>;
  /** Writes what was noted, and notes no more. */
  close(): Promise<void>;
}

/** Milliseconds between two writes of notes. */
const writeInterval = 1_000;
/** How many names may wait to be written. */
const mostWaiting = 200;
/** How many names may be new in a minute, in all and from one address, and how many of them at once. */
const newNames = { perMinute: 120, burst: 600 };
const newNamesOfAddress = { perMinute: 30, burst: 200 };
/** An event is made of a name once in this many milliseconds, since a refused station comes again and again. */
const eventInterval = 60_000;
/** How much is kept of the versions that a station offers, in characters. */
const longestOffer = 200;

/** What is remembered of a name in the list. */
interface Listed {
  readonly address: string;
  /** When an event reported it. */
  toldAt: number;
}

/** The versions that an unknown station offered when it last tried. */
export function offeredSubprotocols({ subprotocols }: Pick<UnknownStationRow, "subprotocols">): string[] {
  return subprotocols === "" ? [] : subprotocols.split(", ");
}

/** Makes the list. `eventRate` is for the events of all unknown stations together, under the key "". */
export function createUnknownStations(
  { store, events, clock, log, configuration }: Infrastructure,
  refusals: RefusalLog,
  eventRate: RateLimit,
): UnknownStations {
  const rows = createUnknownStationRepository(store);
  const { unknownLimit } = configuration.stations;
  /** The names in the list, as far as they are known here, those that were seen longest ago first. */
  const listed = new Map<string, Listed>();
  let loading: Promise<void> | undefined;
  let waiting = new Map<string, UnknownStationRow>();
  const names = createRateLimit({ ...newNames, mostKeys: 1 }, clock);
  const namesOfAddress = createRateLimit(newNamesOfAddress, clock);
  /** Refusals of which no event was emitted. */
  let untold = 0;
  let writing: Promise<void> | undefined;
  let writtenAt = -Infinity;
  let timer: unknown;
  let closed = false;

  /** Reads which names an earlier process has listed; those beyond the limit, which may have been another then, go. */
  const load = async (): Promise<void> => {
    const newest = await rows.newest(unknownLimit);
    for (const { identity, remote_address } of newest.toReversed()) {
      listed.set(identity, { address: addressKey(remote_address), toldAt: -Infinity });
    }
    const oldest = newest.at(-1);
    if (newest.length < unknownLimit || oldest === undefined) return;
    await store.write(rows.removalBefore(oldest.last_at));
  };

  /** Whether a name may be entered that is not in the list. */
  const mayEnter = (address: string): boolean => {
    if (!namesOfAddress.take(address)) return false;
    if (names.take("")) return true;
    namesOfAddress.giveBack(address);
    return false;
  };

  /** Takes names out of the list until it is within its limit: the oldest of the address with the most. */
  const overflow = (): string[] => {
    const out: string[] = [];
    if (listed.size <= unknownLimit) return out;
    const counts = new Map<string, number>();
    for (const { address } of listed.values()) counts.set(address, (counts.get(address) ?? 0) + 1);
    while (listed.size > unknownLimit) {
      let greediest = "";
      let most = 0;
      for (const [address, count] of counts) if (count > most) [greediest, most] = [address, count];
      for (const [identity, { address }] of listed) {
        if (address !== greediest) continue;
        listed.delete(identity);
        out.push(identity);
        break;
      }
      counts.set(greediest, most - 1);
    }
    return out;
  };

  /** Whether an event is to be emitted for a refusal now. */
  const isTold = (entry: Listed): boolean => {
    const now = clock.now();
    if (now - entry.toldAt < eventInterval || !eventRate.take("")) return false;
    entry.toldAt = now;
    return true;
  };

  const write = async (): Promise<void> => {
    loading ??= load();
    await loading;
    const counted = waiting;
    waiting = new Map();
    const writes: Write[] = [];
    const made: NewEvent[] = [];
    for (const row of counted.values()) {
      const entry = { address: addressKey(row.remote_address), toldAt: listed.get(row.identity)?.toldAt ?? -Infinity };
      listed.delete(row.identity);
      listed.set(row.identity, entry);
      writes.push(rows.upsert(row));
      untold += row.attempts;
      if (!isTold(entry)) continue;
      untold -= 1;
      made.push({
        stationId: row.identity,
        kind: "station.refused",
        data: {
          remoteAddress: row.remote_address,
          subprotocols: offeredSubprotocols(row),
          suppressed: untold,
        },
      });
      untold = 0;
    }
    for (const identity of overflow()) writes.push(rows.removal(identity));
    await events.commit(writes, made);
  };

  /** Writes what waits, now, or after the write that is under way. */
  const flush = async (): Promise<void> => {
    clock.clearTimer(timer);
    timer = undefined;
    if (writing !== undefined) {
      await writing;
      await flush();
      return;
    }
    if (waiting.size === 0) return;
    writtenAt = clock.now();
    writing = write()
      .catch((error: unknown) => {
        loading = undefined;
        // A station that is refused comes again, and is noted then.
        log.debug({ error }, "Unknown stations could not be noted");
      })
      .finally(() => {
        writing = undefined;
        schedule();
      });
    await writing;
  };

  /** Sees to it that what waits is written, now or when the last write is long enough ago. */
  function schedule(): void {
    if (waiting.size === 0 || closed || timer !== undefined || writing !== undefined) return;
    const due = writtenAt + writeInterval - clock.now();
    if (due <= 0) void flush();
    else timer = clock.setTimer(() => void flush(), due);
  }

  return {
    flush,
    add: (identity, remoteAddress, subprotocols) => {
      if (closed) return;
      const now = clock.now();
      const subprotocolsText = subprotocols.join(", ").slice(0, longestOffer);
      const before = waiting.get(identity);
      if (before !== undefined) {
        before.attempts += 1;
        before.last_at = now;
        before.remote_address = remoteAddress;
        before.subprotocols = subprotocolsText;
        return;
      }
      const isFull = waiting.size >= mostWaiting;
      if (isFull || !(listed.has(identity) || mayEnter(addressKey(remoteAddress)))) {
        untold += 1;
        refusals.count("unknown");
        return;
      }
      waiting.set(identity, {
        identity,
        first_at: now,
        last_at: now,
        attempts: 1,
        remote_address: remoteAddress,
        subprotocols: subprotocolsText,
      });
      schedule();
    },
    list: async () => {
      await flush();
      return rows.newest(unknownLimit);
    },
    dismiss: async (identity) => {
      await flush();
      listed.delete(identity);
      const [changed] = await store.write(rows.removal(identity));
      return changed === 1;
    },
    removal: (identity) => {
      waiting.delete(identity);
      listed.delete(identity);
      return rows.removal(identity);
    },
    expire: async (before) => {
      for (const identity of await rows.identitiesBefore(before)) listed.delete(identity);
      const [count = 0] = await store.write(rows.removalBefore(before));
      return count;
    },
    close: async () => {
      closed = true;
      await flush();
    },
  };
}
