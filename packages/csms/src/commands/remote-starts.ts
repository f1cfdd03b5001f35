import type { Infrastructure } from "../infrastructure.ts";

/** A remote start that is under way. */
export interface RemoteStart {
  /** The number that a station of 2.x repeats in the events of the transaction; ours alone in 1.6. */
  readonly remoteStartId: number;
  /** Notes that the station does not do it. */
  refused(): Promise<void>;
}

/** What a station is asked to start. */
export interface RemoteStartRequest {
  readonly stationId: string;
  readonly idToken: string;
  /** The type of the token in 2.x. */
  readonly type?: string | undefined;
  readonly evseId?: number | undefined;
  /** A number of our own unless given. */
  readonly remoteStartId?: number | undefined;
}

/** Remote starts that wait for their transactions. */
export interface RemoteStarts {
  begin(request: RemoteStartRequest): Promise<RemoteStart>;
}

/** Makes the list. */
export function createRemoteStarts({ clock, store }: Pick<Infrastructure, "clock" | "store">): RemoteStarts {
  return {
    begin: async ({ stationId, idToken, type, evseId, remoteStartId: given }) => {
      const remoteStartId = given ?? (await store.nextNumber("remote-start"));
      const id = store.nextId();
      const now = clock.now();
      await store.write(
        store.reader.insertInto("remote_starts").values({
          id,
          station_id: stationId,
          evse_id: evseId ?? null,
          id_token: idToken,
          id_token_type: type ?? null,
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
