import { type ManualClock, manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "../../ocpp/gateway.fixture.ts";
import { createTransactionDenial } from "./denial.ts";
import { createLostTransactions } from "./lost-transactions.ts";

let running: TestGateway | undefined;
let clock: ManualClock;

async function start(): Promise<TestGateway> {
  clock = manualClock({ start: Date.UTC(2026, 10, 24, 12) });
  running = await testGateway({ clock });
  await running.services.stations.add("CS001", {});
  await running.services.tokens.put("TAG1", {});
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const time = (): string => new Date(clock.now()).toISOString();
const boot = { chargePointVendor: "Acme", chargePointModel: "Mono" };
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } } as const;

/** Lets time pass while sockets and the database get to run in between. */
async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    await clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("in 1.6", () => {
  type Requested = { requestedMessage: string; connectorId?: number | undefined };

  async function charging(): Promise<{
    test: TestGateway;
    peer: Awaited<ReturnType<TestGateway["station16"]>>;
    transactionId: number;
    triggered: Requested[];
  }> {
    const test = await start();
    const triggered: Requested[] = [];
    const peer = await test.station16("CS001", {
      TriggerMessage: (request) => {
        triggered.push(request);
        return { status: "Accepted" };
      },
    });
    await peer.call("BootNotification", boot);
    const started = { connectorId: 1, idTag: "TAG1", meterStart: 0, timestamp: time() };
    const { transactionId } = await peer.call("StartTransaction", started);
    return { test, peer, transactionId, triggered };
  }
  const available = { connectorId: 1, errorCode: "NoError", status: "Available" } as const;

  it("closes a transaction whose connector is reported free, provisionally and with the newest value, after asking", async () => {
    const { test, peer, transactionId, triggered } = await charging();
    const begun = Date.now();
    expect(await peer.call("StatusNotification", available)).toEqual({});
    expect(Date.now() - begun).toBeLessThan(1_000);
    await until(
      () => triggered,
      ({ length }) => length === 1,
    );
    expect(triggered).toEqual([{ requestedMessage: "MeterValues", connectorId: 1 }]);
    const sampledValue = [{ value: "1234", context: "Trigger" as const }];
    await peer.call("MeterValues", {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: time(), sampledValue }],
    });
    await pass(4_500);
    expect(await test.services.transactions.open("CS001")).toHaveLength(1);
    await pass(1_000);
    const row = await until(
      () => test.services.transactions.find(String(transactionId)),
      (found) => found?.complete === 1,
    );
    expect(row).toMatchObject({ stop_reason: "PowerLoss", provisional: 1, meter_stop: 1234 });
  });

  it("leaves it alone where the station still speaks of it, charges on, or has ended it", async () => {
    const { test, peer, transactionId } = await charging();
    await peer.call("StatusNotification", available);
    const periodic = [{ timestamp: time(), sampledValue: [{ value: "5" }] }];
    await peer.call("MeterValues", { connectorId: 1, transactionId, meterValue: periodic });
    await pass(6_000);
    expect(await test.services.transactions.open("CS001")).toHaveLength(1);
    await peer.call("StatusNotification", available);
    await peer.call("StatusNotification", { ...available, status: "Charging" });
    await pass(6_000);
    expect(await test.services.transactions.open("CS001")).toHaveLength(1);
    await peer.call("StatusNotification", { ...available, status: "Faulted", errorCode: "OtherError" });
    await peer.call("StopTransaction", { transactionId, meterStop: 10, timestamp: time(), reason: "Local" });
    await pass(6_000);
    expect(await test.services.transactions.find(String(transactionId))).toMatchObject({
      stop_reason: "Local",
      provisional: 0,
    });
  });

  it.each(["another status", "a message of the transaction"])(
    "leaves it alone where %s comes while the database is still asked what is open",
    async (what) => {
      const { test, transactionId } = await charging();
      const { operations, systemLog, transactions } = test.services;
      let release = (): void => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = {
        ...transactions,
        open: (stationId: string, evseId?: number) => gate.then(() => transactions.open(stationId, evseId)),
      };
      const denial = createTransactionDenial({ operations, systemLog, transactions });
      const watch = createLostTransactions({ ...test.services, transactions: slow }, denial, 5_000);
      const status = { stationId: "CS001", protocol: "ocpp1.6", evseId: 1 };
      const look = watch.look({ ...status, status: "Available" });
      if (what === "another status") await watch.look({ ...status, status: "Charging" });
      else watch.heard("CS001", String(transactionId));
      release();
      await look;
      await pass(6_000);
      expect(await transactions.open("CS001")).toHaveLength(1);
      watch.close();
    },
  );

  it("asks an accepted station about its open transactions when it boots, and not for a boot (errata 3.40)", async () => {
    const { peer, triggered } = await charging();
    await peer.call("BootNotification", boot);
    await pass(3_000);
    await until(
      () => triggered,
      ({ length }) => length === 2,
    );
    expect(triggered).toEqual([
      { requestedMessage: "StatusNotification", connectorId: 1 },
      { requestedMessage: "MeterValues", connectorId: 1 },
    ]);
  });
});

describe("in 2.x", () => {
  const event = (seqNo: number, chargingState: "Charging" | "Idle"): object => ({
    eventType: seqNo === 0 ? "Started" : "Updated",
    triggerReason: "ChargingStateChanged",
    seqNo,
    timestamp: time(),
    transactionInfo: { transactionId: "T1", chargingState },
    evse: { id: 1, connectorId: 1 },
  });
  const available = (): object => ({ evseId: 1, connectorId: 1, connectorStatus: "Available", timestamp: time() });

  for (const [messagesInQueue, closed] of [
    [false, true],
    [true, false],
  ] as const) {
    it(`asks the station, and ${closed ? "closes" : "keeps"} the transaction where messages ${messagesInQueue ? "wait" : "do not wait"}`, async () => {
      const test = await start();
      const asked: unknown[] = [];
      const peer = await test.station201("CS001", {
        GetTransactionStatus: (request) => {
          asked.push(request);
          return { ongoingIndicator: false, messagesInQueue };
        },
      });
      await peer.call("BootNotification", boot2x);
      await peer.callByName("TransactionEvent", event(0, "Charging"));
      await peer.callByName("StatusNotification", available());
      expect(asked).toEqual([]);
      await pass(6_000);
      await until(
        () => asked,
        ({ length }) => length === 1,
      );
      if (closed)
        await until(
          () => test.services.transactions.open("CS001"),
          ({ length }) => length === 0,
        );
      else await pass(500);
      expect(await test.services.transactions.find("T1", "CS001")).toMatchObject({ complete: closed ? 1 : 0 });
    });
  }

  it("does not suspect a transaction without a car (E10.FR.01)", async () => {
    const test = await start();
    const asked: unknown[] = [];
    const peer = await test.station201("CS001", {
      GetTransactionStatus: (request) => {
        asked.push(request);
        return { ongoingIndicator: false, messagesInQueue: false };
      },
    });
    await peer.call("BootNotification", boot2x);
    await peer.callByName("TransactionEvent", event(0, "Charging"));
    await peer.callByName("TransactionEvent", event(1, "Idle"));
    await peer.callByName("StatusNotification", available());
    await pass(6_000);
    expect(asked).toEqual([]);
    expect(await test.services.transactions.open("CS001")).toHaveLength(1);
  });
});
