import { ConnectionError, type ManualClock, manualClock } from "@ocpp/core";
import { createCommander } from "../services/commander.ts";
import { createConnectorRecorder } from "../services/connector-recorder.ts";
import { createDataTransfers } from "../services/data-transfers.ts";
import type { Operations } from "../services/operations.ts";
import { type KeptLog, testPlatform } from "../services/platform.fixture.ts";
import { createReservationBook } from "../services/reservation-book.ts";
import type { Services } from "../services/services.ts";
import { createStationLines, type StationLine } from "../services/station-lines.ts";
import { createStationRegistry } from "../services/station-registry.ts";
import { createSystemLog } from "../services/system-log.ts";
import { createTokenRegistry } from "../services/token-registry.ts";
import { createTransactionRecorder } from "../services/transaction-recorder.ts";
import { transactionRow } from "../store/rows.fixture.ts";
import type { TestDatabase } from "../store/store.fixture.ts";
import type { LogRow, TransactionRow } from "../store/tables.ts";

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
  const store = await database.open({ clock });
  const platform = testPlatform(store, { clock, configuration });
  const systemLog = createSystemLog(platform);
  const lines = createStationLines();
  const stations = createStationRegistry(platform, systemLog);
  const tokens = createTokenRegistry(platform);
  const connectors = createConnectorRecorder(platform);
  const asked: Asked[] = [];
  const closed: string[] = [];
  const operations = {
    triggerMessage: (stationId: string, message: string, _by: string, where?: object) => {
      asked.push({ stationId, message, where, at: clock.now() });
      return Promise.resolve({ accepted: true, status: "Accepted", response: {}, commandId: "" });
    },
  } as unknown as Operations;
  const services: Bench["services"] = {
    ...platform,
    systemLog,
    lines,
    stations,
    tokens,
    connectors,
    commander: createCommander(platform, lines, stations, systemLog),
    operations,
    transactions: createTransactionRecorder(platform, tokens, connectors, systemLog),
    reservations: createReservationBook(platform, operations, systemLog),
    dataTransfers: createDataTransfers(platform, systemLog),
    hooks: { wanted: () => false, before: () => Promise.resolve(undefined), after: () => {} },
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
      const line: StationLine = {
        stationId,
        protocol,
        knows: () => true,
        unanswered: () => false,
        call: (_action, _payload, options) => {
          options?.sent?.("");
          if (!mute) return Promise.resolve({ status: "Accepted" });
          return new Promise((_resolve, reject) => {
            clock.setTimer(() => reject(new ConnectionError("timeout", "no answer")), options?.timeout ?? 0);
          });
        },
        check: () => undefined,
        close: () => {
          closed.push(stationId);
        },
      };
      lines.add(line);
    },
    disconnect: async (stationId) => {
      const line = lines.of(stationId);
      if (line !== undefined) lines.remove(line);
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
