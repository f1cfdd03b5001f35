import { ConnectionError, type ManualClock, manualClock, systemClock } from "@ocpp/core";
import { composeServices } from "../compose.ts";
import { type KeptLog, noHooks, testInfrastructure } from "../infrastructure.fixture.ts";
import type { Services } from "../services.ts";
import type { StationConnection } from "../stations/connections.ts";
import { transactionRow } from "../store/rows.fixture.ts";
import type { TestDatabase } from "../store/store.fixture.ts";
import type { LogRow } from "../store/tables/observability.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";

/** Something that a station was asked for, and when. */
export interface Asked {
  readonly stationId: string;
  readonly message: string;
  readonly where: object | undefined;
  readonly at: number;
}

/** The services over a store, with stations whose sockets are played. */
export interface Bench {
  readonly clock: ManualClock;
  readonly services: Services & { readonly log: KeptLog };
  readonly asked: Asked[];
  /** The stations whose lines were closed. */
  readonly closed: string[];
  /** Enters a station and connects it; one that is `mute` answers nothing. */
  connect(stationId: string, options?: { readonly protocol?: string; readonly mute?: boolean }): Promise<void>;
  disconnect(stationId: string): Promise<void>;
  /** Keeps a transaction that is open. */
  transaction(row: Partial<TransactionRow> & Pick<TransactionRow, "id" | "station_id">): Promise<void>;
  /** The lines of the system log, once those under way are kept. */
  logs(): Promise<Pick<LogRow, "level" | "message" | "station_id">[]>;
}

/** Makes the bench. Of the operations only `triggerMessage` is there: it notes what is asked for, and the station accepts. */
export async function createBench(database: TestDatabase, configuration: object = {}): Promise<Bench> {
  const clock = manualClock();
  // The database takes its own time: what it waits for by timers of the clock would move the services, too.
  const store = await database.open({ clock: { ...systemClock, now: () => clock.now() } });
  const infrastructure = testInfrastructure(store, { clock, configuration });
  const asked: Asked[] = [];
  const closed: string[] = [];
  const composed = composeServices(infrastructure, noHooks);
  const { connections, stations } = composed;
  const services: Bench["services"] = {
    ...composed,
    log: infrastructure.log,
    operations: {
      ...composed.operations,
      triggerMessage: (stationId, message, _by, where) => {
        asked.push({ stationId, message, where, at: clock.now() });
        return Promise.resolve({ accepted: true, status: "Accepted", response: {}, commandId: "" });
      },
    },
  };

  return {
    clock,
    services,
    asked,
    closed,
    connect: async (stationId, { protocol = "ocpp2.0.1", mute = false } = {}) => {
      if ((await stations.get(stationId)) === undefined) await stations.add(stationId, {});
      await stations.connected(stationId, { protocol, remoteAddress: "127.0.0.1", securityProfile: 0 });
      await stations.boot(stationId, { vendor: "V", model: "M" });
      const connection: StationConnection = {
        stationId,
        protocol,
        unanswered: () => false,
        call: (_action, _payload, options) => {
          options?.sent?.("");
          if (!mute) return Promise.resolve({ status: "Accepted" });
          return new Promise((_resolve, reject) => {
            clock.setTimer(() => reject(new ConnectionError("timeout", "no answer")), options?.timeout ?? 0);
          });
        },
        close: () => {
          closed.push(stationId);
        },
        finished: Promise.resolve(),
        handling: 0,
      };
      connections.add(connection);
    },
    disconnect: async (stationId) => {
      const connection = connections.of(stationId);
      if (connection !== undefined) connections.remove(connection);
      await stations.disconnected(stationId, { code: 1000, reason: "" });
    },
    transaction: async (row) => {
      const transaction = transactionRow(store, { transaction_id: `t${row.id}`, start_received_at: 0, ...row });
      await store.write(store.reader.insertInto("transactions").values(transaction));
    },
    logs: async () => {
      await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
      return store.reader.selectFrom("logs").select(["level", "message", "station_id"]).orderBy("id").execute();
    },
  };
}
