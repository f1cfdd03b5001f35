import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createBackgroundServices } from "./background-services.ts";
import { createStaleCommands } from "./commands/jobs/stale.ts";
import { createStatusMonitor } from "./connectors/jobs/status-monitor.ts";
import { anyEvent } from "./events/any-event.fixture.ts";
import { type Bench, createBench } from "./jobs/background.fixture.ts";
import type { BackgroundService } from "./jobs/background-service.ts";
import { createRetention } from "./observability/jobs/retention.ts";
import { createReservationExpiry } from "./reservations/jobs/expiry.ts";
import { NotFoundError } from "./shared/service-error.ts";
import { createConnectionMonitor } from "./stations/jobs/connection-monitor.ts";
import { databases } from "./store/store.fixture.ts";
import { createMeterBackup } from "./transactions/jobs/meter-backup.ts";
import { createMeterCollection } from "./transactions/jobs/meter-collection.ts";
import { createOfflineTransactions } from "./transactions/jobs/offline.ts";
import { createOrphanMonitor } from "./transactions/jobs/orphans.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Runs a service while time passes in steps; the store takes real time between them. */
async function runThrough({ clock }: Bench, service: BackgroundService, step = 100): Promise<string> {
  const run = service.run(new AbortController().signal);
  const ended = run.then(
    () => true,
    () => true,
  );
  const soon = async (): Promise<boolean> => {
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    return false;
  };
  while (!(await Promise.race([ended, soon()]))) {
    if (clock.timers > 0) await clock.advance(step);
    else await setTimeout(2);
  }
  return run;
}

for (const database of databases) {
  describe(`background services on ${database.name}`, () => {
    afterEach(() => database.remove());

    const bench = (configuration: object = {}): Promise<Bench> => createBench(database, configuration);

    it("are twelve, each with a name, a description and the interval of the configuration", async () => {
      const { services } = await bench({ background: { meterCollection: 0, retention: 60 } });
      const webhooks = await createWebhooks(services);
      const made = createBackgroundServices({ ...services, webhooks });
      expect(made.map(({ name, interval }) => [name, interval / 1_000])).toEqual([
        ["meter-collection", 0],
        ["offline-transactions", 900],
        ["doubtful-transactions", 900],
        ["meter-backup", 1_800],
        ["connection-monitor", 60],
        ["status-monitor", 300],
        ["orphan-monitor", 600],
        ["reservation-expiry", 10],
        ["webhook-delivery", 5],
        ["retention", 60],
        ["log-sizes", 10],
        ["stale-commands", 600],
      ]);
      expect(made.every(({ description }) => /^[A-Z].*\.$/.test(description))).toBe(true);
      // On an empty database none has anything to do, and none fails.
      for (const service of made) expect(await service.run(new AbortController().signal)).toMatch(/\.$/);
      await webhooks.close();
    });

    it("meter-collection asks each connector with an open transaction, a second apart, and only connected stations", async () => {
      const made = await bench();
      await made.connect("A");
      await made.connect("B", { protocol: "ocpp1.6" });
      await made.transaction({ id: 1, station_id: "A", evse_id: 1 });
      await made.transaction({ id: 2, station_id: "A", evse_id: 2 });
      await made.transaction({ id: 3, station_id: "A", evse_id: 2 });
      await made.transaction({ id: 4, station_id: "A", evse_id: 3, complete: 1 });
      await made.transaction({ id: 5, station_id: "B", evse_id: 1 });
      await made.transaction({ id: 6, station_id: "gone", evse_id: 1 });
      const begun = made.clock.now();
      const result = await runThrough(made, createMeterCollection(made.services));
      expect(result).toBe("3 of 3 requests for meter values were accepted.");
      const asked = made.asked.map(({ at, ...rest }) => ({ ...rest, at: at - begun }));
      expect(asked.filter(({ stationId }) => stationId === "A")).toEqual([
        { stationId: "A", message: "MeterValues", where: { evseId: 1, connectorId: 1 }, at: 0 },
        { stationId: "A", message: "MeterValues", where: { evseId: 2, connectorId: 1 }, at: 1_000 },
      ]);
      expect(asked.filter(({ stationId }) => stationId === "B")).toMatchObject([{ at: 0 }]);
    });

    it("meter-collection goes on where a station does not answer, and stops when it is told to", async () => {
      const made = await bench();
      await made.connect("A");
      await made.transaction({ id: 1, station_id: "A", evse_id: 1 });
      await made.transaction({ id: 2, station_id: "A", evse_id: 2 });
      const failing: Bench["services"] = {
        ...made.services,
        operations: {
          ...made.services.operations,
          triggerMessage: () => Promise.reject(new NotFoundError("gone")),
        },
      };
      expect(await runThrough(made, createMeterCollection(failing))).toBe(
        "0 of 2 requests for meter values were accepted.",
      );
      const stopping = new AbortController();
      stopping.abort();
      expect(await createMeterCollection(made.services).run(stopping.signal)).toBe("No station had to be asked.");
      expect(made.asked).toEqual([]);
    });

    it("meter-collection waits for no station when it is told to stop", async () => {
      const made = await bench();
      await made.connect("A");
      await made.transaction({ id: 1, station_id: "A", evse_id: 1 });
      await made.transaction({ id: 2, station_id: "A", evse_id: 2 });
      let asked: (() => void) | undefined;
      const whenAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const triggerMessage = (): Promise<never> => {
        asked?.();
        return new Promise(() => {});
      };
      const mute = { ...made.services, operations: { ...made.services.operations, triggerMessage } };
      const stopping = new AbortController();
      const run = createMeterCollection(mute).run(stopping.signal);
      await whenAsked;
      stopping.abort();
      expect(await run).toBe("0 of 1 requests for meter values were accepted.");
      expect(made.clock.timers).toBe(0);
    });

    it("offline-transactions warns after an hour and suggests to close after a day, each once while the station is away", async () => {
      const made = await bench();
      const { clock, services } = made;
      await made.connect("A");
      await made.transaction({ id: 1, station_id: "A" });
      await made.transaction({ id: 2, station_id: "A", complete: 1 });
      let service = createOfflineTransactions(services);
      await clock.advance(2 * hour);
      expect(await runThrough(made, service)).toBe("There was nothing new to report.");
      await made.disconnect("A");
      expect(await runThrough(made, service)).toBe("Transactions reported: 1.");
      expect(await runThrough(made, service)).toBe("There was nothing new to report.");
      // Another process knows from the log what was reported.
      await made.logs();
      service = createOfflineTransactions(services);
      expect(await runThrough(made, service)).toBe("There was nothing new to report.");
      await clock.advance(23 * hour);
      expect(await runThrough(made, service)).toBe("Transactions reported: 1.");
      expect(await runThrough(made, service)).toBe("There was nothing new to report.");
      const levels = async () => (await made.logs()).filter(({ level }) => level !== "INFO");
      expect(await levels()).toEqual([
        {
          level: "WARNING",
          station_id: "A",
          message: "Transaction t1 is open and the station has been offline for more than an hour",
        },
        { level: "NOTICE", station_id: "A", message: expect.stringContaining("close it administratively") },
      ]);
      expect(await services.transactions.open("A")).toHaveLength(1);
      // It comes back, and goes again: that is news.
      await made.connect("A");
      await made.disconnect("A");
      await clock.advance(hour + 1);
      await runThrough(made, service);
      expect((await levels()).map(({ level }) => level)).toEqual(["WARNING", "NOTICE", "WARNING"]);
    });

    it("meter-backup keeps each register once more, and the same one only once", async () => {
      const made = await bench();
      const { store } = made.services;
      await made.transaction({ id: 1, station_id: "A", register: 4_200, register_at: 5_000 });
      await made.transaction({ id: 2, station_id: "A", evse_id: 2 });
      await made.transaction({ id: 3, station_id: "A", register: 9, register_at: 5_000, complete: 1 });
      const service = createMeterBackup(made.services);
      expect(await runThrough(made, service)).toBe("Registers stored once more: 1.");
      expect(await runThrough(made, service)).toBe("There was no new register to store.");
      expect(await store.reader.selectFrom("meter_values").selectAll().execute()).toMatchObject([
        { transaction: 1, source: "Backup", register: 4_200, measured_at: 5_000 },
      ]);
    });

    it("connection-monitor notes stations as offline that have no connection", async () => {
      const made = await bench();
      await made.connect("A");
      const connection = made.services.connections.of("A");
      if (connection !== undefined) made.services.connections.remove(connection);
      const service = createConnectionMonitor(made.services);
      expect(await runThrough(made, service)).toBe("All stations are where they should be.");
      await made.clock.advance(31_000);
      expect(await runThrough(made, service)).toBe("Silent stations: 0; noted as offline: 1, as online: 0.");
      expect(await made.services.stations.get("A")).toMatchObject({ connected: 0 });
      expect(await made.logs()).toContainEqual(expect.objectContaining({ level: "WARNING", station_id: "A" }));
    });

    it("connection-monitor notes stations as online that are, where that was missed, and not those that just connect", async () => {
      const made = await bench();
      const { stations } = made.services;
      const service = createConnectionMonitor(made.services);
      await made.connect("A");
      await stations.disconnected("A", { code: 1006, reason: "missed" });
      await runThrough(made, service);
      expect(await stations.get("A")).toMatchObject({ connected: 0 });
      expect(await runThrough(made, service)).toBe("Silent stations: 0; noted as offline: 0, as online: 1.");
      expect(await stations.get("A")).toMatchObject({ connected: 1 });
      expect(await runThrough(made, service)).toBe("All stations are where they should be.");
    });

    it("connection-monitor reports a silent station once, and closes its connection where it does not answer", async () => {
      const made = await bench({ stations: { heartbeatInterval: 60 } });
      await made.connect("well");
      await made.connect("mute", { mute: true });
      const service = createConnectionMonitor(made.services);
      await made.clock.advance(150_000);
      expect(await runThrough(made, service)).toBe("All stations are where they should be.");
      await made.clock.advance(1_000);
      expect(await runThrough(made, service)).toBe("Silent stations: 2; noted as offline: 1, as online: 0.");
      expect(made.closed).toEqual(["mute"]);
      await made.disconnect("mute");
      await runThrough(made, service);
      const warnings = (await made.logs()).filter(({ level }) => level === "WARNING");
      expect(warnings.map(({ station_id, message }) => [station_id, message])).toEqual([
        ["well", "Nothing was heard of the station for 151 s"],
        ["mute", "Nothing was heard of the station for 151 s"],
        ["mute", expect.stringContaining("does not answer")],
      ]);
      await made.services.stations.heartbeat("well");
      expect(await runThrough(made, service)).toBe("All stations are where they should be.");
    });

    it("status-monitor asks station and connectors half a second apart, and ends remote starts after half an hour", async () => {
      const made = await bench();
      const { services, clock } = made;
      const { store } = services;
      await made.connect("A", { protocol: "ocpp1.6" });
      await made.connect("B");
      await made.connect("C");
      await services.stations.change("C", { registration: "Pending" });
      for (const [stationId, evseId, status] of [
        ["A", 1, "Available"],
        ["A", 2, "Charging"],
        ["B", 1, "Occupied"],
      ] as const) {
        await services.connectors.status(
          { stationId, evseId, connectorId: stationId === "A" ? evseId : 1, status },
          { receivedAt: Date.now() },
        );
      }
      const start = { station_id: "A", evse_id: 1, id_token: "T", transaction: null, updated_at: 0 } as const;
      const fresh = clock.now() - 1_800_000;
      for (const [id, status, created_at] of [
        [1, "Pending", fresh - 1],
        [2, "Pending", fresh],
        [3, "Started", 0],
      ] as const) {
        await store.write(
          store.reader.insertInto("remote_starts").values({ ...start, id, remote_start_id: id, status, created_at }),
        );
      }
      const begun = clock.now();
      const result = await runThrough(made, createStatusMonitor(services));
      expect(result).toBe(
        "5 of 5 requests for status and meter values were accepted. Remote starts that came to nothing: 1.",
      );
      const of = (id: string) =>
        made.asked
          .filter(({ stationId }) => stationId === id)
          .map(({ message, where, at }) => [message, where, at - begun]);
      expect(of("A")).toEqual([
        ["StatusNotification", undefined, 0],
        ["StatusNotification", { evseId: 1, connectorId: 1 }, 500],
        ["StatusNotification", { evseId: 2, connectorId: 2 }, 1_000],
        ["MeterValues", { evseId: 2, connectorId: 2 }, 1_500],
      ]);
      expect(of("B")).toEqual([["StatusNotification", { evseId: 1, connectorId: 1 }, 0]]);
      expect(of("C")).toEqual([]);
      const kept = await store.reader.selectFrom("remote_starts").select("status").orderBy("id").execute();
      expect(kept.map(({ status }) => status)).toEqual(["Expired", "Pending", "Started"]);
    });

    it("orphan-monitor warns of connectors that charge without a transaction, once, and asks for their status", async () => {
      const made = await bench();
      const { services } = made;
      await made.connect("A");
      for (const evseId of [1, 2, 3]) {
        await services.connectors.status(
          {
            stationId: "A",
            evseId,
            connectorId: 1,
            status: evseId === 3 ? "Available" : "Charging",
          },
          { receivedAt: Date.now() },
        );
      }
      await services.connectors.status(
        { stationId: "gone", evseId: 1, connectorId: 1, status: "Charging" },
        { receivedAt: Date.now() },
      );
      await made.transaction({ id: 1, station_id: "A", evse_id: 1 });
      await made.transaction({ id: 2, station_id: "A", evse_id: 2, complete: 1 });
      const service = createOrphanMonitor(services);
      const sentence = "Connectors that charge without a transaction: 2; asked for their status: 1.";
      expect(await runThrough(made, service)).toBe(sentence);
      expect(await runThrough(made, service)).toBe(sentence);
      expect(made.asked.map(({ where }) => where)).toEqual([
        { evseId: 2, connectorId: 1 },
        { evseId: 2, connectorId: 1 },
      ]);
      const warnings = (await made.logs()).filter(({ level }) => level === "WARNING");
      expect(warnings.map(({ station_id, message }) => [station_id, message])).toEqual([
        ["A", "EVSE 2, connector 1 charges without an open transaction"],
        ["gone", "EVSE 1, connector 1 charges without an open transaction"],
      ]);
    });

    it("reservation-expiry ends what is over", async () => {
      const made = await bench();
      const { store } = made.services;
      const row = {
        station_id: "A",
        evse_id: 1,
        connector_id: null,
        connector_type: null,
        id_token: "T",
        id_token_type: null,
        group_id: null,
        status: "Active" as const,
        answer: null,
        transaction: null,
        created_at: 0,
        updated_at: 0,
      };
      const now = made.clock.now();
      await store.write(
        store.reader.insertInto("reservations").values({ ...row, id: 1, expires_at: now - 1 }),
        store.reader.insertInto("reservations").values({ ...row, id: 2, expires_at: now + hour }),
      );
      const service = createReservationExpiry(made.services);
      expect(await runThrough(made, service)).toBe("Reservations that were over: 1.");
      expect(await runThrough(made, service)).toBe("No reservation was over.");
    });

    it("retention deletes what is too old, and nothing of what is kept for ever", async () => {
      const made = await bench({ retention: { logs: 10, events: 0 } });
      const { services, clock } = made;
      const write = (): void => {
        services.systemLog.write("INFO", "System", "x");
        services.events.append(anyEvent(null, "system.log", {}));
      };
      write();
      await made.logs();
      await clock.advance(9 * day);
      write();
      await made.logs();
      const service = createRetention(services);
      expect(await runThrough(made, service)).toBe("Nothing was old enough.");
      await clock.advance(2 * day);
      expect(await runThrough(made, service)).toBe("Deleted: logs 1.");
      expect(await made.logs()).toHaveLength(1);
      const events = await services.store.reader.selectFrom("events").select("id").execute();
      expect(events.length).toBeGreaterThanOrEqual(2);
    });

    it("stale-commands ends commands whose end was lost", async () => {
      const made = await bench();
      const { services, clock } = made;
      const { store } = services;
      await made.connect("A");
      await services.commander.call("A", "ClearCache", {}, { requestedBy: "test" });
      const now = clock.now();
      const row = {
        station_id: "A",
        action: "Reset",
        payload: "{}",
        result: null,
        error_code: null,
        error_description: null,
        job_id: null,
        requested_by: "test",
        created_at: 0,
        sent_at: null,
        received_at: null,
        completed_at: null,
      };
      await store.write(
        store.reader
          .insertInto("commands")
          .values({ ...row, id: "old", seq: 1, state: "sent", deadline_at: now - hour - 1 }),
        store.reader
          .insertInto("commands")
          .values({ ...row, id: "new", seq: 2, state: "sent", deadline_at: now - hour }),
      );
      const told: unknown[] = [];
      services.events.subscribe(({ kind, data }) => told.push([kind, Reflect.get(Object(data), "id")]));
      const service = createStaleCommands(services);
      expect(await runThrough(made, service)).toBe("Commands that were stale: 1.");
      expect(await runThrough(made, service)).toBe("No command was stale.");
      expect(told).toEqual([["command.failed", "old"]]);
      expect(await services.commander.get("old")).toMatchObject({ state: "error", error_code: "Interrupted" });
      expect(await services.commander.get("new")).toMatchObject({ state: "sent" });
    });
  });
}
