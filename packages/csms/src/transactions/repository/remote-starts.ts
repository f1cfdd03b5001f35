import type { Infrastructure } from "../../infrastructure.ts";
import type { WriteQuery } from "../../store/store.ts";
import type { RemoteStartRow } from "../../store/tables/transactions.ts";

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

/** A remote start that is to be given. */
export interface RemoteStart {
  /** What records it as pending: to be committed before it is sent. */
  readonly insertion: WriteQuery;
  /** The number that a station of 2.x repeats in the events of the transaction; ours alone in 1.6. */
  readonly remoteStartId: number;
  /** Records that the station does not do it. */
  refused(): Promise<void>;
}

/** How a transaction names the remote start that it answers: by its number in 2.x, by the id token in 1.6. */
export interface RemoteStartName {
  readonly remoteStartId?: number | undefined;
  readonly idToken?: string | undefined;
}

/** The remote starts that stations were asked for, and what became of them. What is recorded is durable when a method resolves. */
export interface RemoteStarts {
  /** Numbers a remote start; nothing is recorded until its `insertion` is committed. */
  prepare(request: RemoteStartRequest): Promise<RemoteStart>;
  /** Records one as pending. */
  begin(request: RemoteStartRequest): Promise<RemoteStart>;
  /** The newest one that still waits for its transaction. */
  pending(stationId: string, name: RemoteStartName): Promise<RemoteStartRow | undefined>;
  /** The newest one with this number, however it ended. */
  named(stationId: string, remoteStartId: number): Promise<RemoteStartRow | undefined>;
  /** Records the transaction that one has led to; `transaction` is `transactions.id`. */
  started(id: number, transaction: number): Promise<void>;
  /** Ends those that were asked for before a time, in milliseconds since 1970, and led to no transaction; resolves with how many. */
  expire(before: number): Promise<number>;
  get(id: number): Promise<RemoteStartRow | undefined>;
}

/** Makes the remote starts. */
export function createRemoteStarts({ clock, store }: Pick<Infrastructure, "clock" | "store">): RemoteStarts {
  const rows = store.reader.selectFrom("remote_starts").selectAll();
  const newestOf = (stationId: string) => rows.where("station_id", "=", stationId).orderBy("id", "desc").limit(1);

  const prepare: RemoteStarts["prepare"] = async ({ stationId, idToken, type, evseId, remoteStartId: given }) => {
    const remoteStartId = given ?? (await store.nextNumber("remote-start"));
    const id = store.nextId();
    const now = clock.now();
    return {
      remoteStartId,
      insertion: store.reader.insertInto("remote_starts").values({
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
  };

  return {
    prepare,
    begin: async (request) => {
      const start = await prepare(request);
      await store.write(start.insertion);
      return start;
    },
    pending: async (stationId, { remoteStartId, idToken }) => {
      const pending = newestOf(stationId).where("status", "=", "Pending");
      if (remoteStartId !== undefined) return pending.where("remote_start_id", "=", remoteStartId).executeTakeFirst();
      return idToken === undefined ? undefined : pending.where("id_token", "=", idToken).executeTakeFirst();
    },
    named: (stationId, remoteStartId) =>
      newestOf(stationId).where("remote_start_id", "=", remoteStartId).executeTakeFirst(),
    started: async (id, transaction) => {
      const started = { status: "Started", transaction, updated_at: clock.now() } as const;
      await store.write(store.reader.updateTable("remote_starts").set(started).where("id", "=", id));
    },
    expire: async (before) => {
      const [expired = 0] = await store.write(
        store.reader
          .updateTable("remote_starts")
          .set({ status: "Expired", updated_at: clock.now() })
          .where("status", "=", "Pending")
          .where("created_at", "<", before),
      );
      return expired;
    },
    get: (id) => rows.where("id", "=", id).executeTakeFirst(),
  };
}
