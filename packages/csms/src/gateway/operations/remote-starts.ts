import { randomInt } from "node:crypto";
import type { Platform } from "../../services/platform.ts";

/** A remote start that is under way. */
export interface RemoteStart {
  /** The number that a station of 2.x repeats in the events of the transaction; ours alone in 1.6. */
  readonly remoteStartId: number;
  /** Notes that the station does not do it. */
  refused(): Promise<void>;
}

/** Remote starts that wait for their transactions. */
export interface RemoteStarts {
  begin(stationId: string, idToken: string, evseId: number | undefined): Promise<RemoteStart>;
}

/** Makes the list; without a platform it only gives out numbers. */
export function createRemoteStarts(platform: Pick<Platform, "clock" | "store"> | undefined): RemoteStarts {
  if (platform === undefined) {
    return { begin: async () => ({ remoteStartId: randomInt(1, 2_147_483_647), refused: async () => {} }) };
  }
  const { clock, store } = platform;
  return {
    begin: async (stationId, idToken, evseId) => {
      const remoteStartId = await store.nextNumber("remote-start");
      const id = store.nextId();
      const now = clock.now();
      await store.write(
        store.reader.insertInto("remote_starts").values({
          id,
          station_id: stationId,
          evse_id: evseId ?? null,
          id_token: idToken,
          remote_start_id: remoteStartId,
          status: "Pending",
          transaction: null,
          created_at: now,
          updated_at: now,
        }),
      );
      return {
        remoteStartId,
        refused: async () => {
          await store.write(
            store.reader
              .updateTable("remote_starts")
              .set({ status: "Refused", updated_at: clock.now() })
              .where("id", "=", id)
              .where("status", "=", "Pending"),
          );
        },
      };
    },
  };
}
