import { manualClock } from "@ocpp/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { ConflictError, NotFoundError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store, Write, WriteQuery } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import {
  emptyTables,
  eventFacts,
  meterFacts,
  noon,
  type Recorders,
  recordersOver,
  register2x,
  register16,
  startFacts,
  stopFacts,
} from "./recorder.fixture.ts";
import { readRemarks } from "./repository/row.ts";

for (const database of databases) {
  describe(`the transaction recorder on ${database.name}`, () => {
    let store: Store;
    let recorders: Recorders;
    const clock = manualClock({ start: Date.UTC(2026, 2, 1, 13) });

    const reopen = (configuration: object = {}): void => {
      recorders = recordersOver(testInfrastructure(store, { clock, configuration }));
    };

    beforeAll(async () => {
      store = await database.open({ clock });
    });

    beforeEach(async () => {
      reopen();
      await recorders.tokens.put("VALID001", { groupId: "GROUP001" });
    });

    afterEach(() => emptyTables(store));

    afterAll(() => database.remove());

    const only = async () => {
      const rows = await store.reader.selectFrom("transactions").selectAll().execute();
      expect(rows).toHaveLength(1);
      return rows[0];
    };
    const messages = () => store.reader.selectFrom("transaction_events").selectAll().orderBy("seq_no").execute();
    const meterValues = () => store.reader.selectFrom("meter_values").selectAll().orderBy("measured_at").execute();
    const failedStops = () => store.reader.selectFrom("failed_stops").selectAll().execute();
    const kinds = async (family: string) =>
      (await recorders.told()).map(({ kind }) => kind).filter((kind) => kind.startsWith(family));

    describe("with 1.6", () => {
      it("records a transaction from start to stop", async () => {
        const { transactions } = recorders;
        const { transactionId, verdict } = await transactions.start(startFacts({ reservationId: 9 }));
        expect(Number.isSafeInteger(transactionId) && transactionId > 0).toBe(true);
        expect(verdict).toMatchObject({ status: "Accepted", groupId: "GROUP001" });
        await transactions.meterValues(
          meterFacts({ transactionNumber: transactionId, meterValues: [register16(600, 30)] }),
        );
        expect(await transactions.open("CS001")).toMatchObject([
          { register: 600, register_at: Date.parse(noon(30)), complete: 0 },
        ]);
        await transactions.stop(
          stopFacts(transactionId, {
            idTag: "valid001",
            reason: "EVDisconnected",
            meterValues: [register16(1100, 60, "Transaction.End")],
          }),
        );
        expect(await only()).toMatchObject({
          station_id: "CS001",
          transaction_id: String(transactionId),
          number: transactionId,
          protocol: "ocpp1.6",
          evse_id: 1,
          connector_id: 1,
          id_token: "VALID001",
          group_id: "GROUP001",
          authorization: "Accepted",
          reservation_id: 9,
          started_at: Date.parse(noon(0)),
          start_time: noon(0),
          start_received_at: Date.UTC(2026, 2, 1, 13),
          stopped_at: Date.parse(noon(60)),
          stop_reason: "EVDisconnected",
          stop_id_token: "valid001",
          complete: 1,
          provisional: 0,
          meter_start: 100,
          meter_stop: 1100,
          first_seq: null,
          seq_count: 0,
          remarks: "[]",
        });
        expect((await messages()).map(({ type, seq_no, event_time }) => [type, seq_no, event_time])).toEqual([
          ["Started", 0, noon(0)],
          ["Ended", 1, noon(60)],
        ]);
        expect((await meterValues()).map(({ source, register }) => [source, register])).toEqual([
          ["MeterValues", 600],
          ["StopTransaction", 1100],
        ]);
        expect(await kinds("transaction")).toEqual(["transaction.started", "transaction.ended"]);
        expect(await failedStops()).toEqual([]);
      });

      it("gives numbers that no two transactions of any station share", async () => {
        const stations = ["A", "B", "C"];
        const numbers = await Promise.all(
          stations.flatMap((stationId) =>
            [1, 2, 3].map((connectorId) => recorders.transactions.start(startFacts({ stationId, connectorId }))),
          ),
        );
        expect(new Set(numbers.map(({ transactionId }) => transactionId)).size).toBe(9);
      });

      it("gives a repeated start the number it has, also after it was forgotten or has ended", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts({ messageId: "a" }));
        expect(
          (await recorders.transactions.start(startFacts({ messageId: "b", idTag: "valid001" }))).transactionId,
        ).toBe(transactionId);
        recorders.transactions.forget("CS001");
        reopen();
        expect((await recorders.transactions.start(startFacts())).transactionId).toBe(transactionId);
        await recorders.transactions.stop(stopFacts(transactionId));
        expect((await recorders.transactions.start(startFacts())).transactionId).toBe(transactionId);
        expect(await only()).toMatchObject({ complete: 1 });
        expect(await kinds("transaction")).toEqual(["transaction.ended"]);
        for (const other of [
          { connectorId: 2 },
          { idTag: "OTHER" },
          { meterStart: 101 },
          { timestamp: noon(1) },
          { stationId: "CS002" },
        ]) {
          expect((await recorders.transactions.start(startFacts(other))).transactionId).not.toBe(transactionId);
        }
      });

      it("records a start whatever its token is worth", async () => {
        const { verdict } = await recorders.transactions.start(startFacts({ idTag: "STRANGER" }));
        expect(verdict.status).toBe("Unknown");
        expect(await only()).toMatchObject({ id_token: "STRANGER", authorization: "Unknown", complete: 0 });
      });

      it("lets only one of two simultaneous starts pass a limit of one", async () => {
        await recorders.tokens.put("LIMITED", { maxActive: 1 });
        const results = await Promise.all(
          ["A", "B"].map((stationId) =>
            recorders.transactions.start(startFacts({ stationId, idTag: stationId === "A" ? "LIMITED" : "limited" })),
          ),
        );
        expect(results.map(({ verdict }) => verdict.status).sort()).toEqual(["Accepted", "ConcurrentTx"]);
        const again = await recorders.transactions.start(startFacts({ stationId: "A", idTag: "LIMITED" }));
        expect(again.verdict.status).toBe(results[0]?.verdict.status);
        await recorders.transactions.stop(stopFacts(results[0]?.transactionId ?? 0, { stationId: "A" }));
        await recorders.transactions.stop(stopFacts(results[1]?.transactionId ?? 0, { stationId: "B" }));
        expect(
          (await recorders.transactions.start(startFacts({ stationId: "C", idTag: "LIMITED" }))).verdict.status,
        ).toBe("Accepted");
      });

      it.each([
        [-1, "no-transaction-id"],
        [123_456, "unknown-transaction"],
      ])("answers and keeps a stop of transaction %i (errata 3.18), once", async (number, reason) => {
        const stop = stopFacts(number, { idTag: "VALID001", meterValues: [register16(5, 0)] });
        expect((await recorders.transactions.stop(stop)).verdict).toMatchObject({
          status: "Accepted",
          groupId: "GROUP001",
        });
        await recorders.transactions.stop({ ...stop, messageId: "again" });
        expect(await failedStops()).toMatchObject([
          { station_id: "CS001", transaction_id: String(number), reason, payload: stop.payload },
        ]);
        expect(await meterValues()).toMatchObject([{ transaction: 0, register: 5, source: "StopTransaction" }]);
        expect(await kinds("transaction")).toEqual(["transaction.stop-failed"]);
      });

      it("does not end a transaction of another station", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts({ stationId: "OTHER" }));
        await recorders.transactions.stop(stopFacts(transactionId));
        expect(await only()).toMatchObject({ complete: 0 });
        expect(await failedStops()).toMatchObject([{ reason: "unknown-transaction" }]);
      });

      it("takes a repeated stop once, and keeps a different one", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        await recorders.transactions.stop(stopFacts(transactionId));
        const before = await only();
        await recorders.transactions.stop(stopFacts(transactionId));
        expect(await failedStops()).toEqual([]);
        await recorders.transactions.stop(stopFacts(transactionId, { meterStop: 9999 }));
        expect(await failedStops()).toMatchObject([
          { reason: "already-stopped", transaction_id: String(transactionId) },
        ]);
        expect(await only()).toEqual(before);
        expect(await kinds("transaction")).toEqual([
          "transaction.started",
          "transaction.ended",
          "transaction.stop-failed",
        ]);
      });

      it("ends a transaction with an impossible stop, and keeps that for somebody to look at", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        await recorders.transactions.stop(
          stopFacts(transactionId, { timestamp: noon(-1), meterStop: 50, idTag: "STRANGER" }),
        );
        const row = await only();
        expect(row).toMatchObject({ complete: 1, meter_stop: 50, stopped_at: Date.parse(noon(-1)) });
        expect(row && readRemarks(row)).toEqual(["meter-below-start", "stop-before-start", "stop-by-other-token"]);
        expect(await failedStops()).toMatchObject([
          { reason: "stop-before-start, meter-below-start, stop-by-other-token".split(", ").sort().join(", ") },
        ]);
      });

      it("keeps meter values outside of transactions, and those of -1", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        await recorders.transactions.meterValues(meterFacts({ meterValues: [register16(1, 1, "Sample.Clock")] }));
        await recorders.transactions.meterValues(
          meterFacts({ evseId: 0, connectorId: 0, meterValues: [register16(2, 2)] }),
        );
        await recorders.transactions.meterValues(
          meterFacts({ transactionNumber: -1, meterValues: [register16(3, 3)] }),
        );
        await recorders.transactions.meterValues(
          meterFacts({ evseId: 2, connectorId: 2, meterValues: [register16(4, 4)] }),
        );
        await recorders.transactions.meterValues(meterFacts({ meterValues: [register16(5, 5)] }));
        await recorders.transactions.meterValues(meterFacts({ meterValues: [register16(6, 6, "Trigger")] }));
        const id = (await recorders.transactions.find(String(transactionId)))?.id;
        expect((await meterValues()).map(({ register, transaction }) => [register, transaction])).toEqual([
          [1, 0],
          [2, 0],
          [3, 0],
          [4, 0],
          [5, id],
          [6, id],
        ]);
        expect(await kinds("meter")).toHaveLength(6);
      });

      it("puts no values down to a transaction that has ended, or to one of two", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        await recorders.transactions.stop(stopFacts(transactionId));
        await recorders.transactions.meterValues(meterFacts({ meterValues: [register16(1, 1)] }));
        await recorders.transactions.start(startFacts({ timestamp: noon(2) }));
        await recorders.transactions.start(startFacts({ timestamp: noon(3) }));
        await recorders.transactions.meterValues(meterFacts({ meterValues: [register16(2, 4)] }));
        expect((await meterValues()).map(({ transaction }) => transaction)).toEqual([0, 0]);
      });

      it("keeps repeated meter values once, also after they were forgotten", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        const values = meterFacts({
          transactionNumber: transactionId,
          meterValues: [register16(5, 1), register16(6, 2)],
        });
        await recorders.transactions.meterValues(values);
        await recorders.transactions.meterValues({ ...values, messageId: "again" });
        recorders.transactions.forget("CS001");
        await recorders.transactions.meterValues({ ...values, messageId: "and again" });
        expect(await meterValues()).toHaveLength(2);
        expect(await kinds("meter")).toHaveLength(1);
      });

      it("adds late meter values to a transaction that has ended", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        await recorders.transactions.stop(stopFacts(transactionId));
        await recorders.transactions.meterValues(
          meterFacts({ transactionNumber: transactionId, meterValues: [register16(700, 30)] }),
        );
        const row = await only();
        expect(row).toMatchObject({ complete: 1, meter_stop: 1100, register: 700 });
        expect(await meterValues()).toMatchObject([{ transaction: row?.id }]);
      });

      it("keeps a start, a stop and a closing with what they say of the connector in one commit each", async () => {
        const infrastructure = testInfrastructure(store, { clock });
        const commits: string[][] = [];
        const { transactions } = recordersOver({
          ...infrastructure,
          events: {
            ...infrastructure.events,
            commit: (writes, events) => {
              commits.push(events.map(({ kind }) => kind));
              return infrastructure.events.commit(writes, events);
            },
          },
        });
        const now = { timestamp: new Date(clock.now()).toISOString(), receivedAt: clock.now() };
        const { transactionId } = await transactions.start(startFacts(now));
        await transactions.stop(stopFacts(transactionId, now));
        await transactions.start(startFacts({ ...now, meterStart: 500 }));
        const [open] = await transactions.open("CS001");
        await transactions.close(open?.id ?? 0, { reason: "Other" });
        expect(commits).toEqual([
          ["transaction.started", "connector.status"],
          ["transaction.ended", "connector.status"],
          ["transaction.started", "connector.status"],
          ["transaction.ended", "connector.status"],
        ]);
      });

      it("concludes the status of the connector from messages of now, and never against the station's report", async () => {
        const statusOf = async () => (await recorders.connectors.of("CS001"))[0]?.status;
        const now = { receivedAt: Date.parse(noon(0)) };
        const { transactionId } = await recorders.transactions.start(startFacts(now));
        expect(await statusOf()).toBe("Charging");
        await recorders.connectors.status(
          { stationId: "CS001", evseId: 1, connectorId: 1, status: "Finishing" },
          { receivedAt: Date.now() },
        );
        await recorders.transactions.stop(stopFacts(transactionId, { receivedAt: Date.parse(noon(60)) }));
        expect(await statusOf()).toBe("Finishing");
        const late = await recorders.transactions.start(startFacts({ timestamp: noon(-90) }));
        expect(await statusOf()).toBe("Finishing");
        await recorders.transactions.stop(stopFacts(late.transactionId));
        const next = await recorders.transactions.start(startFacts({ timestamp: noon(1), ...now }));
        expect(await statusOf()).toBe("Charging");
        await recorders.transactions.stop(stopFacts(next.transactionId, { receivedAt: Date.parse(noon(60)) }));
        expect(await statusOf()).toBe("Available");
      });
    });

    describe("with 2.x", () => {
      const idToken = { token: "VALID001", type: "ISO14443" };

      it("records a transaction whose facts come one by one", async () => {
        const { transactions } = recorders;
        expect(
          await transactions.event(
            eventFacts("Started", 0, {
              trigger: "CablePluggedIn",
              evseId: 1,
              connectorId: 1,
              chargingState: "EVConnected",
            }),
          ),
        ).toMatchObject({ gap: false });
        const authorized = await transactions.event(
          eventFacts("Updated", 1, { trigger: "Authorized", idToken, remoteStartId: 4 }),
        );
        expect(authorized).toMatchObject({ verdict: { status: "Accepted", groupId: "GROUP001" }, gap: false });
        await transactions.event(
          eventFacts("Updated", 2, {
            meterValues: [register2x(100, 2, "Transaction.Begin")],
            chargingState: "Charging",
          }),
        );
        const ended = await transactions.event(
          eventFacts("Ended", 3, {
            trigger: "StopAuthorized",
            idToken,
            stoppedReason: "Local",
            offline: true,
            meterValues: [register2x(900, 3, "Transaction.End")],
          }),
        );
        expect(ended).toMatchObject({ verdict: { status: "Accepted" }, gap: false });
        expect(await only()).toMatchObject({
          transaction_id: "T1",
          number: null,
          protocol: "ocpp2.0.1",
          evse_id: 1,
          connector_id: 1,
          id_token: "VALID001",
          id_token_type: "ISO14443",
          stop_id_token: "VALID001",
          remote_start_id: 4,
          meter_start: 100,
          meter_stop: 900,
          complete: 1,
          first_seq: 0,
          last_seq: 3,
          seq_count: 4,
          offline: 1,
          charging_state: "Charging",
          remarks: "[]",
        });
        expect(await kinds("transaction")).toEqual([
          "transaction.started",
          "transaction.updated",
          "transaction.updated",
          "transaction.ended",
        ]);
        expect((await meterValues()).map(({ source, evse_id }) => [source, evse_id])).toEqual([
          ["TransactionEvent", 1],
          ["TransactionEvent", 1],
        ]);
      });

      it("takes a repeat once, and a number that comes again for what it is", async () => {
        const started = eventFacts("Started", 0, { idToken });
        await recorders.transactions.event(started);
        expect((await recorders.transactions.event({ ...started, messageId: "again" })).verdict?.status).toBe(
          "Accepted",
        );
        recorders.transactions.forget("CS001");
        await recorders.transactions.event({ ...started, messageId: "and again" });
        for (const minute of [7, 8])
          await recorders.transactions.event(eventFacts("Updated", 0, { timestamp: noon(minute) }));
        expect(await messages()).toHaveLength(3);
        expect(await only()).toMatchObject({ seq_count: 1 });
        expect(await kinds("transaction")).toEqual([
          "transaction.started",
          "transaction.updated",
          "transaction.updated",
        ]);
      });

      it("begins with whatever comes first, and puts what is late in its place (E12)", async () => {
        const { transactions } = recorders;
        expect(
          await transactions.event(
            eventFacts("Ended", 4, { stoppedReason: "EVDisconnected", meterValues: [register2x(900, 4)] }),
          ),
        ).toMatchObject({ gap: true });
        expect(readRemarks((await only()) ?? { remarks: "" })).toEqual([
          "meter-start-estimated",
          "meter-stop-estimated",
          "started-unseen",
        ]);
        recorders.transactions.forget("CS001");
        expect(
          await transactions.event(eventFacts("Updated", 2, { offline: true, meterValues: [register2x(500, 2)] })),
        ).toMatchObject({ gap: false });
        await transactions.event(
          eventFacts("Started", 0, { idToken, meterValues: [register2x(100, 0, "Transaction.Begin")] }),
        );
        await transactions.event(eventFacts("Updated", 3));
        await transactions.event(eventFacts("Updated", 1));
        expect(await only()).toMatchObject({
          complete: 1,
          started_at: Date.parse(noon(0)),
          stop_reason: "EVDisconnected",
          meter_start: 100,
          meter_stop: 900,
          first_seq: 0,
          last_seq: 4,
          seq_count: 5,
          remarks: '["meter-stop-estimated"]',
        });
        expect((await messages()).map(({ seq_no }) => seq_no)).toEqual([0, 1, 2, 3, 4]);
        expect(await kinds("transaction")).toEqual([
          "transaction.ended",
          "transaction.corrected",
          "transaction.corrected",
          "transaction.corrected",
          "transaction.corrected",
        ]);
      });

      it("tells of gaps from what was kept, too", async () => {
        await recorders.transactions.event(eventFacts("Started", 0));
        recorders.transactions.forget("CS001");
        expect(await recorders.transactions.event(eventFacts("Updated", 1))).toMatchObject({ gap: false });
        recorders.transactions.forget("CS001");
        expect(await recorders.transactions.event(eventFacts("Ended", 4))).toMatchObject({ gap: true });
      });

      it("keeps transactions with the same id of two stations, and two on one EVSE, apart", async () => {
        for (const stationId of ["A", "B"]) {
          await recorders.transactions.event(eventFacts("Started", 0, { stationId, evseId: 1 }));
        }
        await recorders.transactions.event(
          eventFacts("Started", 0, { stationId: "A", evseId: 1, transactionId: "T2" }),
        );
        await recorders.transactions.event(eventFacts("Ended", 1, { stationId: "A" }));
        expect((await recorders.transactions.open("A", 1)).map((row) => row.transaction_id)).toEqual(["T2"]);
        expect(await recorders.transactions.open("A", 2)).toEqual([]);
        expect((await recorders.transactions.find("T1", "A"))?.complete).toBe(1);
        expect((await recorders.transactions.find("T1"))?.station_id).toBe("B");
      });

      it("takes a token of the same group for a fitting one, also after it was forgotten", async () => {
        await recorders.tokens.put("VALID002", { groupId: "group001" });
        const other = { token: "VALID002", type: "ISO14443" };
        await recorders.transactions.event(eventFacts("Started", 0, { idToken }));
        await recorders.transactions.event(eventFacts("Updated", 1, { trigger: "StopAuthorized", idToken: other }));
        recorders.transactions.forget("CS001");
        await recorders.transactions.event(eventFacts("Ended", 2));
        expect(await only()).toMatchObject({ stop_id_token: "VALID002", remarks: "[]" });
        expect(await failedStops()).toEqual([]);
      });

      it("accepts who needs no authorization, and notes no token (C02)", async () => {
        const { verdict } = await recorders.transactions.event(
          eventFacts("Started", 0, { idToken: { token: "", type: "NoAuthorization" } }),
        );
        expect(verdict).toEqual({ status: "Accepted" });
        expect(await only()).toMatchObject({ id_token: null });
      });

      it("lets a master pass end a transaction and start none (C16)", async () => {
        reopen({ tokens: { masterPassGroupId: "MASTERPASS" } });
        await recorders.tokens.put("MASTER01", { groupId: "MASTERPASS" });
        const master = { token: "MASTER01", type: "ISO14443" };
        expect(
          (await recorders.transactions.event(eventFacts("Started", 0, { transactionId: "T0", idToken: master })))
            .verdict,
        ).toMatchObject({ status: "Invalid", groupId: "MASTERPASS" });
        await recorders.transactions.event(eventFacts("Started", 0, { idToken }));
        const ended = await recorders.transactions.event(
          eventFacts("Ended", 1, { trigger: "StopAuthorized", stoppedReason: "MasterPass", idToken: master }),
        );
        expect(ended.verdict).toMatchObject({ status: "Accepted", groupId: "MASTERPASS" });
        expect(await recorders.transactions.find("T1")).toMatchObject({
          id_token: "VALID001",
          stop_id_token: "MASTER01",
          stop_reason: "MasterPass",
        });
        expect(await failedStops()).toEqual([]);
      });

      it("counts a transaction not against itself", async () => {
        await recorders.tokens.put("LIMITED", { maxActive: 1 });
        const limited = { token: "LIMITED", type: "ISO14443" };
        await recorders.transactions.event(eventFacts("Started", 0, { idToken: limited }));
        expect(
          (await recorders.transactions.event(eventFacts("Updated", 1, { idToken: limited }))).verdict?.status,
        ).toBe("Accepted");
        expect(
          (await recorders.transactions.event(eventFacts("Started", 0, { transactionId: "T2", idToken: limited })))
            .verdict?.status,
        ).toBe("ConcurrentTx");
      });

      it("never tells a key code in events (C04.FR.04)", async () => {
        await recorders.transactions.event(
          eventFacts("Started", 0, { idToken: { token: "1234SECRET", type: "KeyCode" } }),
        );
        const events = await recorders.told();
        expect(events.length).toBeGreaterThan(0);
        expect(JSON.stringify(events)).not.toContain("1234SECRET");
      });

      it("does not take the main meter for that of a transaction whose EVSE is not known yet", async () => {
        await recorders.transactions.event(eventFacts("Started", 0));
        const main = { protocol: "ocpp2.0.1", evseId: 0, connectorId: 0 };
        await recorders.transactions.meterValues(meterFacts({ ...main, meterValues: [register2x(1, 1, "Trigger")] }));
        expect(await meterValues()).toMatchObject([{ transaction: 0 }]);
      });

      it("goes on after a message that cannot be kept", async () => {
        await recorders.transactions.event(eventFacts("Started", 0));
        await expect(recorders.transactions.event({ ...eventFacts("Updated", 9), seqNo: 1e30 })).rejects.toThrow();
        expect(await recorders.transactions.event(eventFacts("Updated", 1))).toMatchObject({ gap: false });
        expect(await only()).toMatchObject({ last_seq: 1, seq_count: 2 });
        expect(await kinds("transaction")).toEqual(["transaction.started", "transaction.updated"]);
      });

      it("keeps meter values beside transactions apart from them, but for those that were asked for (J01)", async () => {
        await recorders.transactions.event(eventFacts("Started", 0, { evseId: 1 }));
        const protocol = "ocpp2.0.1";
        await recorders.transactions.meterValues(
          meterFacts({ protocol, connectorId: 0, meterValues: [register2x(1, 1)] }),
        );
        await recorders.transactions.meterValues(
          meterFacts({ protocol, connectorId: 0, meterValues: [register2x(2, 2, "Trigger")] }),
        );
        const id = (await only())?.id;
        expect((await meterValues()).map(({ transaction }) => transaction)).toEqual([0, id]);
      });
    });

    describe("ending transactions itself", () => {
      it("closes provisionally, and lets the station's stop take the place", async () => {
        const { transactions } = recorders;
        const { transactionId } = await transactions.start(startFacts());
        await transactions.meterValues(
          meterFacts({ transactionNumber: transactionId, meterValues: [register16(600, 30)] }),
        );
        const id = (await only())?.id ?? 0;
        const closed = await transactions.close(id, { reason: "PowerLoss", at: Date.parse(noon(31)) });
        expect(closed).toMatchObject({
          complete: 1,
          provisional: 1,
          stop_reason: "PowerLoss",
          meter_stop: 600,
          stopped_at: Date.parse(noon(31)),
          stop_time: noon(31),
        });
        expect(await only()).toEqual(closed);
        await expect(transactions.close(id, { reason: "AdminClosed" })).rejects.toThrow(ConflictError);
        await transactions.meterValues(
          meterFacts({ transactionNumber: transactionId, meterValues: [register16(650, 31)] }),
        );
        expect(await only()).toMatchObject({ provisional: 1, meter_stop: 650, register: 650 });
        await transactions.stop(stopFacts(transactionId, { reason: "PowerLoss", meterStop: 700 }));
        expect(await only()).toMatchObject({
          complete: 1,
          provisional: 0,
          stop_reason: "PowerLoss",
          meter_stop: 700,
          stopped_at: Date.parse(noon(60)),
          remarks: "[]",
        });
        expect(await kinds("transaction")).toEqual([
          "transaction.started",
          "transaction.ended",
          "transaction.corrected",
        ]);
        expect(await failedStops()).toEqual([]);
      });

      it("takes the final register of an operator, and gives it up for an Ended", async () => {
        await recorders.transactions.event(
          eventFacts("Started", 0, { meterValues: [register2x(100, 0, "Transaction.Begin")] }),
        );
        const id = (await only())?.id ?? 0;
        expect(await recorders.transactions.close(id, { reason: "AdminClosed", finalRegister: 5100 })).toMatchObject({
          meter_stop: 5100,
          stopped_at: clock.now(),
        });
        recorders.transactions.forget("CS001");
        await recorders.transactions.event(
          eventFacts("Ended", 1, { stoppedReason: "PowerLoss", meterValues: [register2x(300, 1, "Transaction.End")] }),
        );
        expect(await only()).toMatchObject({ meter_stop: 300, stop_reason: "PowerLoss", provisional: 0 });
      });

      it("keeps the final register of an operator while the station says none", async () => {
        await recorders.transactions.event(eventFacts("Started", 0));
        await recorders.transactions.close((await only())?.id ?? 0, { reason: "AdminClosed", finalRegister: 5100 });
        for (const message of [eventFacts("Updated", 1), eventFacts("Ended", 2)]) {
          recorders.transactions.forget("CS001");
          await recorders.transactions.event(message);
          expect(await only()).toMatchObject({ complete: 1, meter_stop: 5100 });
        }
      });

      it("rejects for a transaction that is not there", async () => {
        await expect(recorders.transactions.close(1, { reason: "x" })).rejects.toThrow(NotFoundError);
        await expect(recorders.transactions.noteRequestedStop(1, "x")).rejects.toThrow(NotFoundError);
        expect(await recorders.transactions.get(1)).toBeUndefined();
      });

      it("combines a reason that was asked for with the station's", async () => {
        const { transactionId } = await recorders.transactions.start(startFacts());
        const id = (await only())?.id ?? 0;
        await recorders.transactions.noteRequestedStop(id, "Remote: by support");
        expect(await only()).toMatchObject({
          requested_stop_reason: "Remote: by support",
          stop_reason: null,
          complete: 0,
        });
        await recorders.transactions.stop(stopFacts(transactionId, { reason: "Remote" }));
        expect(await only()).toMatchObject({ stop_reason: "Remote: by support" });
      });
    });

    it("keeps texts that no database should have to take", async () => {
      const { transactionId } = await recorders.transactions.start(startFacts({ idTag: "A\0B" }));
      await recorders.transactions.stop(stopFacts(transactionId, { idTag: "A\0B", reason: "\0" }));
      await recorders.transactions.event(
        eventFacts("Started", 0, { transactionId: "T\0", idToken: { token: "C\0", type: "Central" } }),
      );
      await recorders.connectors.status(
        {
          stationId: "CS001",
          evseId: 1,
          connectorId: 1,
          status: "Faulted",
          info: "\0",
        },
        { receivedAt: Date.now() },
      );
      const rows = await store.reader.selectFrom("transactions").selectAll().orderBy("id").execute();
      expect(rows.map(({ transaction_id, id_token }) => [transaction_id, id_token])).toEqual([
        [String(transactionId), "A\u{FFFD}B"],
        ["T\u{FFFD}", "C\u{FFFD}"],
      ]);
    });

    it("backs up the newest register of open transactions, each value once", async () => {
      const { transactionId } = await recorders.transactions.start(startFacts());
      await recorders.transactions.start(startFacts({ connectorId: 2 }));
      expect(await recorders.transactions.backUp()).toBe(0);
      await recorders.transactions.meterValues(
        meterFacts({ transactionNumber: transactionId, meterValues: [register16(600, 30)] }),
      );
      expect(await recorders.transactions.backUp()).toBe(1);
      expect(await recorders.transactions.backUp()).toBe(0);
      expect((await meterValues()).filter(({ source }) => source === "Backup")).toMatchObject([
        { register: 600, time: noon(30), station_id: "CS001" },
      ]);
    });
  });
  describe(`the transaction recorder on ${database.name}, which fails`, () => {
    afterAll(() => database.remove());

    it("answers nothing that was not kept", async () => {
      const store = await database.open();
      const { transactions, events } = recordersOver(testInfrastructure(store));
      await store.close();
      await expect(transactions.start(startFacts())).rejects.toThrow();
      await expect(transactions.event(eventFacts("Started", 0))).rejects.toThrow();
      await expect(transactions.meterValues(meterFacts())).rejects.toThrow();
      await expect(transactions.stop(stopFacts(-1))).rejects.toThrow();
      expect(events).toEqual([]);
    });

    it("records a start once whose first commit was given up and is persisted late", async () => {
      const store = await database.open();
      const givenUp: { writes: readonly (Write | WriteQuery)[]; isFirst: boolean } = { writes: [], isFirst: true };
      const flaky: Store = {
        ...store,
        write: async (...writes) => {
          if (givenUp.isFirst && writes.length > 1) {
            givenUp.isFirst = false;
            givenUp.writes = writes;
            throw new StoreError("unavailable", "The server did not answer in time");
          }
          // A commit that succeeds has passed the fence: what was given up cannot be persisted after it.
          givenUp.writes = [];
          return store.write(...writes);
        },
        nextNumber: async (counter) => {
          await store.write(...givenUp.writes);
          return store.nextNumber(counter);
        },
      };
      const { transactions } = recordersOver(testInfrastructure(flaky));
      await expect(transactions.start(startFacts())).rejects.toThrow("did not answer");
      await transactions.start(startFacts());
      expect(await store.reader.selectFrom("transactions").selectAll().execute()).toHaveLength(1);
      await store.close();
    });
  });
}
