import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { stationRow } from "../store/rows.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { type ConnectorRecorder, createConnectorRecorder } from "./connector-recorder.ts";
import { testPlatform } from "./platform.fixture.ts";
import { emptyTables } from "./recorder.fixture.ts";

for (const database of databases) {
  describe(`the connector recorder on ${database.name}`, () => {
    let store: Store;
    let connectors: ConnectorRecorder;
    let events: CsmsEvent[];

    beforeAll(async () => {
      store = await database.open();
    });

    beforeEach(() => {
      const platform = testPlatform(store);
      connectors = createConnectorRecorder(platform);
      events = [];
      platform.events.subscribe((event) => events.push(event));
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
      await connectors.status({
        ...place,
        status: "Faulted",
        errorCode: "GroundFailure",
        info: "wet",
        vendorId: "acme",
        vendorErrorCode: "7",
        timestamp: "2026-03-01T12:00:00Z",
      });
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
      await connectors.status({ ...place, status: "Available" });
      await connectors.status({ ...place, evseId: 1, status: "Occupied" });
      await connectors.status({ ...place, stationId: "CS002", status: "Reserved" });
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
      await connectors.status({
        stationId: "CS001",
        evseId: 0,
        connectorId: 0,
        status: "Unavailable",
        errorCode: "OtherError",
      });
      expect(await connectors.of("CS001")).toEqual([]);
      expect(await store.reader.selectFrom("stations").select(["status", "error_code"]).execute()).toEqual([
        { status: "Unavailable", error_code: "OtherError" },
      ]);
      expect(await history()).toEqual([[0, "Unavailable"]]);
    });

    it("concludes a status without a place in the history, and only in place of those it may replace", async () => {
      await connectors.conclude("CS001", 1, 1, "Charging", ["Available"]);
      await connectors.conclude("CS001", 1, 1, "Available", ["Preparing"]);
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Charging" }]);
      await connectors.conclude("CS001", 1, 1, "Available", ["Charging"]);
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Available" }]);
      await connectors.conclude("CS001", 1, 1, "Faulted");
      expect(await connectors.of("CS001")).toMatchObject([{ status: "Faulted" }]);
      expect(await history()).toEqual([]);
      expect(events.map(({ data }) => data)).toMatchObject([
        { status: "Charging", concluded: true },
        { status: "Available", concluded: true },
        { status: "Faulted", concluded: true },
      ]);
    });
  });
}
