import type { WriteQuery } from "../store/store.ts";
import type { KnockRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";

/** The unknown stations that were refused. */
export interface Knocks {
  readonly add: (identity: string, remoteAddress: string, subprotocols: readonly string[]) => Promise<void>;
  readonly list: () => Promise<KnockRow[]>;
  readonly dismiss: (identity: string) => Promise<boolean>;
  /** Forgets a knock together with other writes. */
  removal(identity: string): WriteQuery;
}

/** How many are kept: whoever invents identities must not fill the disk. */
const mostKnocks = 1_000;

/** An event is made of a knock once in this many milliseconds, since a refused station comes again and again. */
const eventInterval = 60_000;

/** Makes the list. */
export function createKnocks({ store, events, clock }: Platform): Knocks {
  const toldAt = new Map<string, number>();
  let added = 0;

  const worthTelling = (identity: string, now: number): boolean => {
    if (now - (toldAt.get(identity) ?? -Infinity) < eventInterval) return false;
    if (toldAt.size >= mostKnocks) toldAt.clear();
    toldAt.set(identity, now);
    return true;
  };

  /** Deletes the oldest beyond the limit, now and then. */
  const trim = async (): Promise<void> => {
    added += 1;
    if (added % 100 !== 0) return;
    const oldest = await store.reader
      .selectFrom("knocks")
      .select("last_at")
      .orderBy("last_at", "desc")
      .offset(mostKnocks)
      .limit(1)
      .executeTakeFirst();
    if (oldest !== undefined)
      await store.write(store.reader.deleteFrom("knocks").where("last_at", "<=", oldest.last_at));
  };

  return {
    add: async (identity, remoteAddress, subprotocols) => {
      const now = clock.now();
      const offered = subprotocols.join(", ").slice(0, 200);
      const row: KnockRow = {
        identity,
        first_at: now,
        last_at: now,
        attempts: 1,
        remote_address: remoteAddress,
        subprotocols: offered,
      };
      await events.commit(
        [
          store.reader
            .insertInto("knocks")
            .values(row)
            .onConflict((conflict) =>
              conflict.column("identity").doUpdateSet((current) => ({
                last_at: now,
                attempts: current("knocks.attempts", "+", 1),
                remote_address: remoteAddress,
                subprotocols: offered,
              })),
            ),
        ],
        worthTelling(identity, now)
          ? [{ stationId: identity, kind: "station.refused", data: { remoteAddress, subprotocols: offered } }]
          : [],
      );
      await trim();
    },
    list: () => store.reader.selectFrom("knocks").selectAll().orderBy("last_at", "desc").limit(mostKnocks).execute(),
    dismiss: async (identity) => {
      const [changed] = await store.write(store.reader.deleteFrom("knocks").where("identity", "=", identity));
      return changed === 1;
    },
    removal: (identity) => store.reader.deleteFrom("knocks").where("identity", "=", identity),
  };
}
