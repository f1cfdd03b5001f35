import { type ManualClock, manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "../../ocpp/gateway.fixture.ts";
import { createDoubtfulTransactions } from "./doubtful.ts";

let running: TestGateway | undefined;
let clock: ManualClock;

async function start(configuration: object = {}): Promise<TestGateway> {
  clock = manualClock({ start: Date.UTC(2026, 10, 24, 12) });
  // Hours pass at once, and no ping would be answered in between.
  running = await testGateway({ clock, configuration: { webSocket: { pingInterval: 0 }, ...configuration } });
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
async function pass(milliseconds: number, step = 500): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += step) {
    await clock.advance(step);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** Lets time pass until something has ended, which may pause in between. */
async function passUntil<T>(work: Promise<T>): Promise<T> {
  const ended = work.then(
    () => true,
    () => true,
  );
  for (;;) {
    if (await Promise.race([ended, pass(500).then(() => false)])) return work;
  }
}

function started(transactionId: string, evse: number): object {
  return {
    eventType: "Started",
    triggerReason: "CablePluggedIn",
    seqNo: 0,
    timestamp: time(),
    transactionInfo: { transactionId, chargingState: "EVConnected" },
    evse: { id: evse, connectorId: 1 },
  };
}

describe("questions after a boot", () => {
  it("are two for each EVSE however many transactions are open, spaced, and behind the commands of operators", async () => {
    const test = await start();
    const asked: { readonly action: string; readonly what: unknown; readonly at: number }[] = [];
    const peer = await test.station201("CS001", {
      TriggerMessage: ({ requestedMessage, evse }) => {
        asked.push({ action: "TriggerMessage", what: [requestedMessage, evse], at: clock.now() });
        return { status: "Accepted" };
      },
      GetTransactionStatus: ({ transactionId }) => {
        asked.push({ action: "GetTransactionStatus", what: transactionId, at: clock.now() });
        return { ongoingIndicator: true, messagesInQueue: false };
      },
      ClearCache: () => {
        asked.push({ action: "ClearCache", what: undefined, at: clock.now() });
        return { status: "Accepted" };
      },
    });
    await peer.call("BootNotification", boot2x);
    for (let number = 0; number < 40; number += 1) {
      await peer.callByName("TransactionEvent", started(`T${number}`, (number % 2) + 1));
    }
    await pass(20_000);
    asked.length = 0;

    await peer.call("BootNotification", boot2x);
    await until(
      () => asked,
      ({ length }) => length === 1,
    );
    // Two of the background wait in the queue; what an operator asks for goes first.
    const others = [1, 2].map(() =>
      test.services.operations.triggerMessage("CS001", "Heartbeat", { by: "test", automation: "afterBoot" }),
    );
    await test.services.operations.clearCache("CS001", "operator");
    await Promise.all(others);
    expect(asked.findIndex(({ action }) => action === "ClearCache")).toBeLessThan(3);
    const aboutSingle = (): unknown[] =>
      asked.filter(({ action }) => action === "GetTransactionStatus").map(({ what }) => what);
    for (let passed = 0; passed < 120 && aboutSingle().length < 20; passed += 1) await pass(500);
    await pass(5_000);
    const triggers = asked.filter(({ what }) => Array.isArray(what) && what[0] !== "Heartbeat");
    expect(triggers.map(({ what }) => what)).toEqual([
      ["StatusNotification", { id: 2, connectorId: 1 }],
      ["TransactionEvent", { id: 2 }],
      ["StatusNotification", { id: 1, connectorId: 1 }],
      ["TransactionEvent", { id: 1 }],
    ]);
    for (const [index, { at }] of triggers.entries()) {
      if (index > 0) expect(at - (triggers[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(500);
    }
    expect(aboutSingle()).toEqual(Array.from({ length: 20 }, (_none, index) => `T${37 - index}`));
  }, 30_000);

  it("end where the station boots again meanwhile, and begin anew", async () => {
    const test = await start();
    const asked: unknown[] = [];
    const peer = await test.station201("CS001", {
      TriggerMessage: ({ requestedMessage, evse }) => {
        asked.push([requestedMessage, evse?.id]);
        return { status: "Accepted" };
      },
    });
    await peer.call("BootNotification", boot2x);
    for (const evse of [1, 2, 3]) await peer.callByName("TransactionEvent", started(`T${evse}`, evse));
    await peer.call("BootNotification", boot2x);
    await pass(500);
    await peer.call("BootNotification", boot2x);
    await pass(20_000);
    const last = asked.slice(-6);
    expect(new Set(last.map(String)).size).toBe(6);
    expect(asked.length).toBeLessThan(10);
  });
});

describe("doubtful transactions", () => {
  const open = async (test: TestGateway): Promise<string[]> =>
    (await test.services.transactions.open("CS001")).map(({ transaction_id }) => transaction_id).toSorted();

  it("of 2.x are closed where the station denies them, as of their last message (E14)", async () => {
    const test = await start();
    const answers: Record<string, object> = {
      T1: { ongoingIndicator: false, messagesInQueue: false },
      T2: { ongoingIndicator: false, messagesInQueue: true },
      T3: { ongoingIndicator: true, messagesInQueue: false },
      T4: { messagesInQueue: false },
    };
    const peer = await test.station201("CS001", {
      GetTransactionStatus: ({ transactionId = "" }) => answers[transactionId] as { messagesInQueue: boolean },
    });
    await peer.call("BootNotification", boot2x);
    const times: number[] = [];
    for (const id of ["T1", "T2", "T3", "T4", "T5"]) {
      times.push(clock.now());
      await peer.callByName("TransactionEvent", started(id, 1));
      await pass(2_000);
    }
    await until(
      () => open(test),
      ({ length }) => length === 4,
    );
    expect(await open(test)).toEqual(["T2", "T3", "T4", "T5"]);
    expect(await test.services.transactions.find("T1", "CS001")).toMatchObject({
      provisional: 1,
      stop_reason: "Other",
      stopped_at: times[0],
    });
    expect((await test.services.transactions.open("CS001")).map((row) => row.doubtful_since !== null)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    // What the station still tells takes the place of what was concluded.
    await peer.callByName("TransactionEvent", {
      ...started("T1", 1),
      eventType: "Ended",
      triggerReason: "EVCommunicationLost",
      seqNo: 1,
      transactionInfo: { transactionId: "T1", stoppedReason: "EVDisconnected" },
    });
    expect(await test.services.transactions.find("T1", "CS001")).toMatchObject({
      provisional: 0,
      stop_reason: "EVDisconnected",
    });
  });

  it("of 1.6 are closed where a later one sends meter values twice and they send none, on the same connector alone", async () => {
    const test = await start();
    const triggered: unknown[] = [];
    const peer = await test.station16("CS001", {
      TriggerMessage: (request) => {
        triggered.push(request);
        return { status: "Accepted" };
      },
    });
    await peer.call("BootNotification", boot);
    const begin = async (connectorId: number): Promise<number> => {
      await pass(1_000);
      const started16 = { connectorId, idTag: "TAG1", meterStart: 0, timestamp: time() };
      return (await peer.call("StartTransaction", started16)).transactionId;
    };
    const meter = async (connectorId: number, transactionId: number, value: number): Promise<void> => {
      await peer.call("MeterValues", {
        connectorId,
        transactionId,
        meterValue: [{ timestamp: time(), sampledValue: [{ value: String(value) }] }],
      });
    };
    const [lost, elsewhere, also, last] = [await begin(1), await begin(2), await begin(1), await begin(1)];
    for (let passed = 0; passed < 40 && triggered.length < 4; passed += 1) await pass(500);
    expect(triggered).toContainEqual({ requestedMessage: "StatusNotification", connectorId: 1 });
    expect(triggered).toContainEqual({ requestedMessage: "MeterValues", connectorId: 1 });
    for (let round = 1; round <= 3; round += 1) {
      await meter(1, last, round);
      await meter(2, elsewhere, round);
      await meter(1, also, round);
      await pass(7_000);
    }
    expect(await open(test)).toEqual([elsewhere, also, last].map(String).toSorted());
    expect(await test.services.transactions.find(String(lost))).toMatchObject({ provisional: 1, stop_reason: "Other" });
  });

  it("are closed after transactions.doubtfulAfter without a message, although nothing may be asked", async () => {
    const test = await start({ automation: { all: "off" }, transactions: { doubtfulAfter: 3_600 } });
    const peer = await test.station201("CS001");
    await peer.call("BootNotification", boot2x);
    for (const id of ["T1", "T2", "T3"]) {
      await peer.callByName("TransactionEvent", started(id, 1));
      await pass(1_000);
    }
    const job = createDoubtfulTransactions(test.services);
    const { signal } = new AbortController();
    await pass(3_000_000, 1_000_000);
    await peer.callByName("TransactionEvent", {
      ...started("T2", 1),
      eventType: "Updated",
      seqNo: 1,
    });
    expect(await passUntil(job.run(signal))).toContain("closed: 0");
    await pass(1_000_000, 1_000_000);
    expect(await passUntil(job.run(signal))).toContain("closed: 1");
    expect(await open(test)).toEqual(["T2", "T3"]);
    expect(await test.services.store.reader.selectFrom("commands").selectAll().execute()).toEqual([]);
  });
});

/** What happens at the station of the property: to one of its EVSEs, or to one of what runs. */
type Step =
  | { readonly kind: "start"; readonly evse: number }
  | { readonly kind: "end"; readonly which: number }
  | { readonly kind: "lose"; readonly which: number }
  | { readonly kind: "boot" }
  | { readonly kind: "meter" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("start" as const), evse: fc.integer({ min: 1, max: 2 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("end" as const, "lose" as const), which: fc.nat(9) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("boot" as const, "meter" as const) }) },
);

describe("transactions on one EVSE, under random starts, ends, losses and reboots", () => {
  /** A station that knows what it runs, and tells it when it is asked. */
  interface Simulated {
    readonly running: Map<string, { readonly evse: number; seqNo: number }>;
    start(evse: number): Promise<void>;
    end(id: string): Promise<void>;
    meter(): Promise<void>;
    boot(): Promise<void>;
  }

  async function simulate201(test: TestGateway): Promise<Simulated> {
    const own: Simulated["running"] = new Map();
    let count = 0;
    const peer = await test.station201("CS001", {
      GetTransactionStatus: ({ transactionId = "" }) => ({
        ongoingIndicator: own.has(transactionId),
        messagesInQueue: false,
      }),
      TriggerMessage: () => ({ status: "Accepted" }),
    });
    const tell = async (id: string, eventType: "Updated" | "Ended"): Promise<void> => {
      const one = own.get(id);
      if (one === undefined) return;
      one.seqNo += 1;
      await peer.callByName("TransactionEvent", { ...started(id, one.evse), eventType, seqNo: one.seqNo });
    };
    await peer.call("BootNotification", boot2x);
    return {
      running: own,
      start: async (evse) => {
        const id = `T${(count += 1)}`;
        own.set(id, { evse, seqNo: 0 });
        await peer.callByName("TransactionEvent", started(id, evse));
      },
      end: async (id) => {
        await tell(id, "Ended");
        own.delete(id);
      },
      meter: async () => {
        for (const id of own.keys()) await tell(id, "Updated");
      },
      boot: async () => {
        await peer.call("BootNotification", boot2x);
      },
    };
  }

  async function simulate16(test: TestGateway): Promise<Simulated> {
    const own: Simulated["running"] = new Map();
    let register = 0;
    const peer = await test.station16("CS001", { TriggerMessage: () => ({ status: "Accepted" }) });
    const status = async (evse: number): Promise<void> => {
      const busy = Array.from(own.values()).some((one) => one.evse === evse);
      await peer.call("StatusNotification", {
        connectorId: evse,
        errorCode: "NoError",
        status: busy ? "Charging" : "Available",
      });
    };
    await peer.call("BootNotification", boot);
    return {
      running: own,
      start: async (evse) => {
        const { transactionId } = await peer.call("StartTransaction", {
          connectorId: evse,
          idTag: "TAG1",
          meterStart: register,
          timestamp: time(),
        });
        own.set(String(transactionId), { evse, seqNo: 0 });
        await status(evse);
      },
      end: async (id) => {
        const evse = own.get(id)?.evse ?? 1;
        await peer.call("StopTransaction", { transactionId: Number(id), meterStop: register, timestamp: time() });
        own.delete(id);
        await status(evse);
      },
      meter: async () => {
        register += 10;
        for (const [id, { evse }] of own) {
          await peer.call("MeterValues", {
            connectorId: evse,
            transactionId: Number(id),
            meterValue: [{ timestamp: time(), sampledValue: [{ value: String(register) }] }],
          });
        }
      },
      boot: async () => {
        await peer.call("BootNotification", boot);
        for (const evse of [1, 2]) await status(evse);
      },
    };
  }

  const simulations = [
    ["1.6", simulate16],
    ["2.0.1", simulate201],
  ] as const;

  for (const [version, simulate] of simulations) {
    for (const all of ["on", "off"] as const) {
      it(`in ${version} with automation ${all}: none is closed that the station runs, none stays open for ever`, async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
            const test = await start({ automation: { all } });
            try {
              const station = await simulate(test);
              const stillOpen = async (): Promise<Set<string>> =>
                new Set((await test.services.transactions.open("CS001")).map(({ transaction_id }) => transaction_id));
              const check = async (): Promise<void> => {
                const open = await stillOpen();
                for (const id of station.running.keys()) expect(open.has(id), `${id} runs`).toBe(true);
              };
              for (const one of steps) {
                const ids = Array.from(station.running.keys());
                if (one.kind === "start") await station.start(one.evse);
                else if (one.kind === "meter") await station.meter();
                else if (one.kind === "boot") await station.boot();
                else {
                  const id = ids[one.which % Math.max(1, ids.length)];
                  if (id === undefined) continue;
                  if (one.kind === "end") await station.end(id);
                  else station.running.delete(id);
                }
                await pass(1_000);
                await check();
              }
              // A later start on each EVSE, and a day and more on which what runs is metered now and then.
              const job = createDoubtfulTransactions(test.services);
              for (const evse of [1, 2]) await station.start(evse);
              for (let hours = 0; hours < 30; hours += 6) {
                await station.meter();
                await pass(21_600_000, 10_800_000);
                await passUntil(job.run(new AbortController().signal));
                await check();
              }
              await station.meter();
              expect(await stillOpen()).toEqual(new Set(station.running.keys()));
            } finally {
              await running?.[Symbol.asyncDispose]();
              running = undefined;
            }
          }),
          { numRuns: 5 },
        );
      }, 60_000);
    }
  }
});
