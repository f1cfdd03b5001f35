import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { createBackgroundServices } from "../background-services.ts";
import { isOn, readSwitches, writeSwitches } from "../stations/automation.ts";
import { createWebhooks } from "../webhooks/webhooks.ts";
import { type TestGateway, testGateway } from "./gateway.fixture.ts";

type Version = "ocpp1.6" | "ocpp2.0.1" | "ocpp2.1";

interface Day {
  readonly clock: ReturnType<typeof manualClock>;
  readonly call: (action: string, request: object) => Promise<unknown>;
  readonly runBackground: () => Promise<void>;
}

/** Connects a station that accepts whatever it is asked, and notes its name. */
async function connect(test: TestGateway, version: Version, heard: string[]): Promise<Day["call"]> {
  const noting = (action: string, response: object) => (): never => {
    heard.push(action);
    return response as never;
  };
  const handlers = {
    TriggerMessage: noting("TriggerMessage", { status: "Accepted" }),
    ...(version === "ocpp1.6"
      ? {}
      : { GetTransactionStatus: noting("GetTransactionStatus", { ongoingIndicator: true, messagesInQueue: false }) }),
  };
  const { station16, station201, station21 } = test;
  const open = { "ocpp1.6": station16, "ocpp2.0.1": station201, "ocpp2.1": station21 }[version];
  const peer = await open("CS001", handlers as never);
  return (action, request) => peer.callByName(action, request);
}

/** A day of a station at which everything happens that makes the CSMS ask. */
async function live(version: Version, { clock, call, runBackground }: Day): Promise<void> {
  const time = (): string => new Date(clock.now()).toISOString();
  const pass = async (milliseconds: number): Promise<void> => {
    await clock.advance(milliseconds);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const isNumbered = version === "ocpp1.6";
  const boot = isNumbered
    ? { chargePointVendor: "Acme", chargePointModel: "Mono" }
    : { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } };
  const status = (connector: string): object =>
    isNumbered
      ? { connectorId: 1, errorCode: "NoError", status: connector }
      : { evseId: 1, connectorId: 1, connectorStatus: connector, timestamp: time() };
  const startOf = (id: string): readonly [string, object] =>
    isNumbered
      ? ["StartTransaction", { connectorId: 1, idTag: "TAG1", meterStart: 0, timestamp: time() }]
      : ["TransactionEvent", event(id, "Started", 0)];
  const event = (transactionId: string, eventType: string, seqNo: number): object => ({
    eventType,
    triggerReason: "MeterValuePeriodic",
    seqNo,
    timestamp: time(),
    transactionInfo: { transactionId, chargingState: "Charging" },
    evse: { id: 1, connectorId: 1 },
  });

  await call("BootNotification", boot);
  await call("StatusNotification", status(isNumbered ? "Charging" : "Occupied"));
  await call(...startOf("T1"));
  if (!isNumbered) await call("TransactionEvent", event("T1", "Updated", 5));
  await pass(60_000);
  await call("StatusNotification", status("Available"));
  for (let seconds = 0; seconds < 10; seconds += 1) await pass(1_000);
  await call(...startOf("T2"));
  await call("StatusNotification", status(isNumbered ? "Charging" : "Occupied"));
  await call("BootNotification", boot);
  for (let seconds = 0; seconds < 10; seconds += 1) await pass(500);
  for (let hour = 0; hour < 24; hour += 1) {
    await pass(3_600_000);
    await runBackground();
    await call("Heartbeat", {});
  }
}

/** What a station hears in a day under a configuration. */
async function heardIn(version: Version, automation: object, own: object | undefined): Promise<string[]> {
  const clock = manualClock({ start: Date.UTC(2026, 10, 24, 12) });
  const configuration = { automation, webSocket: { pingInterval: 0 }, transactions: { doubtfulAfter: 200_000 } };
  await using test = await testGateway({ clock, configuration });
  await test.services.stations.add("CS001", own === undefined ? {} : { automation: own });
  await test.services.tokens.put("TAG1", {});
  const heard: string[] = [];
  const webhooks = await createWebhooks(test.services);
  try {
    const call = await connect(test, version, heard);
    const services = createBackgroundServices({ ...test.services, webhooks });
    const runBackground = async (): Promise<void> => {
      const ended = new AbortController();
      const runs = { over: false };
      const all = (async () => {
        for (const service of services) await service.run(ended.signal);
        runs.over = true;
      })();
      // Their pauses pass meanwhile.
      while (!runs.over) {
        await clock.advance(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await all;
    };
    await live(version, { clock, call, runBackground });
  } finally {
    await webhooks.close();
  }
  return heard;
}

describe("what the CSMS sends unasked", () => {
  for (const version of ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"] as const) {
    it(`is something in a day of a station of ${version}, and nothing with automation.all: off, or where the station says so`, async () => {
      expect(await heardIn(version, {}, undefined)).toContain("TriggerMessage");
      expect(await heardIn(version, { all: "off" }, undefined)).toEqual([]);
      expect(await heardIn(version, {}, { all: "off" })).toEqual([]);
    }, 60_000);
  }

  it("goes by the name before all, and by the station before the configuration", () => {
    const general = {
      all: "on",
      afterBoot: "off",
      connectionMonitor: "all",
      lostTransactions: "all",
      meterCollection: "on",
      orphanMonitor: "all",
      statusMonitor: "all",
    } as const;
    expect(isOn("afterBoot", {}, general)).toBe(false);
    expect(isOn("statusMonitor", {}, general)).toBe(true);
    expect(isOn("statusMonitor", {}, { ...general, all: "off" })).toBe(false);
    expect(isOn("meterCollection", {}, { ...general, all: "off" })).toBe(true);
    expect(isOn("meterCollection", { all: "off" }, general)).toBe(false);
    expect(isOn("meterCollection", { all: "off", meterCollection: "on" }, general)).toBe(true);
    expect(isOn("afterBoot", { afterBoot: "on" }, general)).toBe(true);
  });

  it("is refused a switch that there is not, and a value that is none", () => {
    expect(() => writeSwitches({ afterboot: "on" } as object)).toThrow('There is no automation "afterboot"');
    expect(() => writeSwitches({ all: true } as object)).toThrow('automation.all must be "on" or "off"');
    expect(writeSwitches({})).toBe(null);
    expect(readSwitches(writeSwitches({ all: "off" }))).toEqual({ all: "off" });
  });
});
