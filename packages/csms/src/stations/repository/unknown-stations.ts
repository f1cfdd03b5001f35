import type { Store, Write, WriteQuery } from "../../store/store.ts";
import type { UnknownStationRow } from "../../store/tables/stations.ts";

/** The rows of unknown stations. */
export interface UnknownStationRepository {
  /** Those that were refused last, the newest first. */
  newest(limit: number): Promise<UnknownStationRow[]>;
  /** The identities of those that were refused last before a time. */
  identitiesBefore(time: number): Promise<string[]>;
  /** The write that adds attempts to those of an identity. */
  readonly upsert: (row: UnknownStationRow) => Write;
  removal(identity: string): Write;
  /** The write that removes those that were refused last before a time. */
  removalBefore(time: number): WriteQuery;
}

/** Makes the repository. */
export function createUnknownStationRepository(store: Store): UnknownStationRepository {
  const { reader } = store;
  const removal = store.prepare<Pick<UnknownStationRow, "identity">>((db, { identity }) =>
    db.deleteFrom("knocks").where("identity", "=", identity),
  );
  return {
    newest: (limit) => reader.selectFrom("knocks").selectAll().orderBy("last_at", "desc").limit(limit).execute(),
    identitiesBefore: async (time) => {
      const rows = await reader.selectFrom("knocks").select("identity").where("last_at", "<", time).execute();
      return rows.map(({ identity }) => identity);
    },
    upsert: store.prepare<UnknownStationRow>((db, row) =>
      db
        .insertInto("knocks")
        .values(row)
        .onConflict((conflict) =>
          conflict.column("identity").doUpdateSet((current) => ({
            last_at: row.last_at,
            attempts: current("knocks.attempts", "+", row.attempts),
            remote_address: row.remote_address,
            subprotocols: row.subprotocols,
          })),
        ),
    ),
    removal: (identity) => removal({ identity }),
    removalBefore: (time) => reader.deleteFrom("knocks").where("last_at", "<", time),
  };
}
