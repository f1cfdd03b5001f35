import type { Infrastructure } from "../infrastructure.ts";
import type { RefusalLog } from "../observability/refusal-log.ts";
import { addressKey, createRateLimit, type RateLimit, RateLimitError } from "../shared/rate-limit.ts";
import type { StationRow } from "../store/tables/stations.ts";
import type { StationRepository } from "./repository/stations.ts";

/**
 * Keeps the stations in check that take themselves in, under `stations.unknown: pending` or `accept`: anybody can be one,
 * under as many names as they like. So few are added in an hour, few stand in the database before an operator touches them
 * or their boot is accepted, and those that are not seen for long go.
 */
export interface SelfRegistration {
  /**
   * Takes one of the additions of this hour and makes room for a station. Rejects with a RateLimitError where
   * there is no addition left, or no room.
   */
  admit(remoteAddress: string): Promise<void>;
  /** Throws a RateLimitError where a station that took itself in, or all of them, connect too often. */
  checkConnection(row: StationRow): void;
  /** Removes those that are not connected and were not seen since a time; how many. */
  expire(before: number): Promise<number>;
}

/** Removes those of the stations that are still not connected and took themselves in; how many. */
export type RemoveStations = (ids: readonly string[]) => Promise<number>;

/** How often one that took itself in may connect, and all of them together beside those that are there. */
const connectionsOfOne = { perMinute: 2, burst: 5 };
const connectionsOfAll = 60;
/** Which part of the limit is made free when it is reached, so that not every addition has to look. */
const part = 10;
/** How many are removed at a time. */
const batch = 500;
/** Seconds after which one that there is no room for may come again. */
const roomRetry = 60;
/** Milliseconds that one on its way in is not removed. */
const arrivalTime = 60_000;

/** Makes it. */
export function createSelfRegistration(
  { clock, configuration }: Pick<Infrastructure, "clock" | "configuration">,
  rows: StationRepository,
  refusals: RefusalLog,
  remove: RemoveStations,
): SelfRegistration {
  const { unknownLimit, unknownRate } = configuration.stations;
  const isLimited = unknownRate > 0;
  const hourly = (count: number, mostKeys?: number): RateLimit =>
    createRateLimit({ perMinute: Math.max(1, count) / 60, burst: Math.max(1, count), mostKeys }, clock);
  const additions = hourly(unknownRate, 1);
  const additionsOfAddress = hourly(Math.ceil(unknownRate / 2));
  const ofOne = createRateLimit({ ...connectionsOfOne, mostKeys: unknownLimit }, clock);
  const ofAll = createRateLimit(
    { perMinute: connectionsOfAll, burst: connectionsOfAll + unknownLimit, mostKeys: 1 },
    clock,
  );
  /** How many there are at most: counted, and those that were added since. */
  let most: number | undefined;
  let making: Promise<void> | undefined;
  /** Those that were let in a moment ago, and are perhaps not written down as connected yet. */
  const arrivedAt = new Map<string, number>();

  const refuse = (milliseconds: number): never => {
    refusals.count("registration");
    throw new RateLimitError("Too many unknown stations came", milliseconds);
  };

  /** Those that may go, the first ones to go first; none that is on its way in. */
  const oldest = async (limit: number, before?: number): Promise<string[]> => {
    const ids = await rows.idleSelfRegistered(limit, before);
    for (const [id, at] of arrivedAt) if (clock.now() - at >= arrivalTime) arrivedAt.delete(id);
    return ids.filter((id) => !arrivedAt.has(id));
  };

  /** Counts anew, and removes the oldest where the limit is reached. */
  const makeRoom = async (): Promise<void> => {
    most = await rows.countSelfRegistered();
    if (most < unknownLimit) return;
    const ids = await oldest(Math.min(batch, most - unknownLimit + Math.ceil(unknownLimit / part)));
    most -= await remove(ids);
  };

  return {
    admit: async (remoteAddress) => {
      const address = addressKey(remoteAddress);
      if (isLimited) {
        if (!additionsOfAddress.take(address)) refuse(additionsOfAddress.wait(address));
        if (!additions.take("")) {
          additionsOfAddress.giveBack(address);
          refuse(additions.wait(""));
        }
      }
      if (most === undefined || most >= unknownLimit) {
        making ??= makeRoom().finally(() => {
          making = undefined;
        });
        await making;
      }
      if (most === undefined || most >= unknownLimit) {
        if (isLimited) {
          additions.giveBack("");
          additionsOfAddress.giveBack(address);
        }
        refuse(roomRetry * 1_000);
      }
      most = (most ?? 0) + 1;
    },
    checkConnection: ({ id, self_registered }) => {
      if (self_registered === 0) return;
      arrivedAt.set(id, clock.now());
      if (!isLimited) return;
      if (!ofOne.take(id)) refuse(ofOne.wait(id));
      if (!ofAll.take("")) refuse(ofAll.wait(""));
    },
    expire: async (before) => {
      let removed = 0;
      for (;;) {
        const ids = await oldest(batch, before);
        const count = ids.length === 0 ? 0 : await remove(ids);
        removed += count;
        // Those that are connected by now stay, and are looked at the next time.
        if (ids.length < batch || count < ids.length) break;
      }
      most = undefined;
      return removed;
    },
  };
}
