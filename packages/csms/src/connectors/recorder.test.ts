import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { stationRow } from "../store/rows.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { emptyTables } from "../transactions/recorder.fixture.ts";
import { type ConnectorRecorder, createConnectorRecorder } from "./recorder.ts";

for (const database of databases) {
  describe(`the connector recorder on ${database.name}`, () => {
    let store: Store;
    let connectors: ConnectorRecorder;
    let events: CsmsEvent[];
    let conclude: (...args: Parameters<ConnectorRecorder["conclusion"]>) => Promise<void>;

    beforeAll(async () => {
      store = await database.open();
    });

    beforeEach(() => {
      const infrastructure = testInfrastructure(store);
      connectors = createConnectorRecorder(infrastructure);
      conclude = async (...args) => {
        const { writes, events: concluded } = await connectors.conclusion(...args);
        await infrastructure.events.commit(writes, concluded);
      };
      events = [];
      infrastructure.events.subscribe((event) => events.push(event));
    });

    afterEach(() => emptyTables(store));

    afterAll(() => database.remove());

    const history = async () =>
      (await store.reader.selectFrom("statuses").selectAll().orderBy("id").execute()).map(({ evse_id, status }) => [
        evse_id,
        status,
      ]);

    it("keeps the newest status of each connector, and all of them in the history", async () => {
      const place = { stationId: "CS001", evseId: 2, connectorId: 1 };
      await connectors.status(
        {
          ...place,
          status: "Faulted",
          errorCode: "GroundFailure",
          info: "wet",
          vendorId: "acme",
          vendorErrorCode: "7",
          timestamp: "2026-03-01T12:00:00Z",
        },
        { receivedAt: Date.now() },
      );
      expect(await connectors.of("CS001")).toMatchObject([
        {
          station_id: "CS001",
          evse_id: 2,
          connector_id: 1,
          status: "Faulted",
          error_code: "GroundFailure",
          info: "wet",
          vendor_id: "acme",
          vendor_error_code: "7",
          status_time: "2026-03-01T12:00:00Z",
        },
      ]);
      await connectors.status({ ...place, status: "Available" }, { receivedAt: Date.now() });
      await connectors.status({ ...place, evseId: 1, status: "Occupied" }, { receivedAt: Date.now() });
      await connectors.status({ ...place, stationId: "CS002", status: "Reserved" }, { receivedAt: Date.now() });
      expect(
        (await connectors.of("CS001")).map(({ evse_id, status, error_code, info }) => [
          evse_id,
          status,
          error_code,
          info,
        ]),
      ).toEqual([
        [1, "Occupied", null, null],
        [2, "Available", null, null],
      ]);
      expect(await history()).toEqual([
        [2, "Faulted"],
        [2, "Available"],
        [1, "Occupied"],
        [2, "Reserved"],
      ]);
      expect(events.map(({ kind }) => kind)).toEqual(Array(4).fill("connector.status"));
      expect(events[0]).toMatchObject({
        stationId: "CS001",
        data: { evseId: 2, connectorId: 1, status: "Faulted", errorCode: "GroundFailure" },
      });
    });

    it("takes what is said of 0 for the status of the station", async () => {
      await store.write(store.reader.insertInto("stations").values(stationRow({ id: "CS001" })));
      await connectors.status(
        {
          stationId: "CS001",
          evseId: 0,
          connectorId: 0,
          status: "Unavailable",
          errorCode: "OtherError",
        },
        { receivedAt: Date.now() },
      );
      expect(await connectors.of("CS001")).toEqual([]);
      expect(await store.reader.selectFrom("stations").select(["status", "error_code"]).execute()).toEqual([
        { status: "Unavailable", error_code: "OtherError" },
      ]);
      expect(await history()).toEqual([[0, "Unavailable"]]);
    });

    it("lets a late status replace what was received before it, and nothing that was received after it", async () => {
      await store.write(store.reader.insertInto("stations").values(stationRow({ id: "CS001" })));
      for (const evseId of [0, 1]) {
        const place = { stationId: "CS001", evseId, connectorId: evseId };
        const current = async () =>
          evseId === 0
            ? (await store.reader.selectFrom("stations").select(["status"]).execute())[0]?.status
            : (await connectors.of("CS001"))[0]?.status;
        await connectors.status({ ...place, status: "Charging" }, { receivedAt: 2_000, late: true });
        expect(await current()).toBe("Charging");
        await connectors.status({ ...place, status: "Preparing" }, { receivedAt: 1_000, late: true });
        expect(await current()).toBe("Charging");
        await connectors.status({ ...place, status: "Finishing" }, { receivedAt: 2_000, late: true });
        expect(await current()).toBe("Finishing");
        // A clock that was set back does not freeze the statuses of a station that is connected.
        await connectors.status({ ...place, status: "Available" }, { receivedAt: 500 });
        expect(await current()).toBe("Available");
        await conclude(place, { status: "Charging", from: ["Available"] }, { receivedAt: 499, late: true });
        expect(await current()).toBe("Available");
      }
      expect(await history()).toHaveLength(8);
    });

    it("concludes a status without a place in the history, and only in place of those it may replace", async () => {
      const place = { stationId: "CS001", evseId: 1, connectorId: 1 };
      await conclude(place, { status: "Charging", from: ["Available"] }, { receivedAt: Date.now() });
      await conclude(place, { status: "Available", from: ["Preparing"] }, { receivedAt: Date.now() });
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Charging" }]);
      await conclude(place, { status: "Available", from: ["Charging"] }, { receivedAt: Date.now() });
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Available" }]);
      await conclude(place, { status: "Faulted", from: ["Available"] }, { receivedAt: Date.now() });
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Faulted" }]);
      expect(await history()).toEqual([]);
      expect(events.map(({ data }) => data)).toMatchObject([
        { status: "Charging", concluded: true },
        { status: "Available", concluded: true },
        { status: "Faulted", concluded: true },
      ]);
    });

    it("marks what is concluded, and keeps what was reported with the status before", async () => {
      const place = { stationId: "CS001", evseId: 1, connectorId: 1 };
      const said = {
        errorCode: "OverVoltage",
        info: "hot",
        vendorId: "V",
        vendorErrorCode: "E7",
        timestamp: "2026-01-01T00:00:00Z",
      };
      await connectors.status({ ...place, status: "Preparing", ...said }, { receivedAt: 1_000 });
      await conclude(place, { status: "Charging", from: ["Preparing"] }, { receivedAt: 2_000 });
      const kept = {
        error_code: "OverVoltage",
        info: "hot",
        vendor_id: "V",
        vendor_error_code: "E7",
        status_time: "2026-01-01T00:00:00Z",
      };
      expect(await connectors.of("CS001")).toMatchObject([
        { status: "Charging", concluded: 1, updated_at: 2_000, ...kept },
      ]);
      await connectors.status({ ...place, status: "Available" }, { receivedAt: 3_000 });
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Available", concluded: 0, error_code: null }]);
    });
  });
}
