import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import type { MessageHooks } from "../shared/message-hooks.ts";
import { databases } from "../store/store.fixture.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import { type HangUp, openRaw, type RawStation } from "./raw-station.fixture.ts";

/* Stations that send their last messages and hang up without waiting for the answers, as a soft reset does. */

/** A station that sends without waiting. */
interface Line {
  readonly raw: RawStation;
  send(action: string, payload: object): string;
  /** Resolves with the response to the call of that id. */
  answer(id: string): Promise<unknown>;
}

async function open(url: string, protocol: string): Promise<Line> {
  const raw = await openRaw(url, protocol);
  let count = 0;
  return {
    raw,
    send: (action, payload) => {
      count += 1;
      const id = `${count}-${action}`.slice(0, 36);
      raw.send(JSON.stringify([2, id, action, payload]));
      return id;
    },
    answer: async (id) => {
      const frame = await until(
        () => raw.frames.map((text) => JSON.parse(text) as unknown[]).find((frame) => frame[1] === id),
        (found) => found !== undefined,
      );
      return frame?.[2];
    },
  };
}

let running: TestGateway | undefined;

async function start(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  running = await testGateway(options);
  await running.services.stations.add("CS001", {});
  await running.services.tokens.put("TAG1", {});
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const now = (): string => new Date().toISOString();

/** Starts a transaction of 1.6 and returns its number. */
async function begin16(line: Line): Promise<number> {
  line.send("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
  const id = line.send("StartTransaction", { connectorId: 1, idTag: "TAG1", meterStart: 0, timestamp: now() });
  return ((await line.answer(id)) as { transactionId: number }).transactionId;
}

async function begin201(line: Line): Promise<void> {
  line.send("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } });
  await line.answer(line.send("TransactionEvent", event("Started", 0)));
}

function event(eventType: "Started" | "Updated" | "Ended", seqNo: number): object {
  return {
    eventType,
    timestamp: now(),
    triggerReason: eventType === "Ended" ? "EVDeparted" : "CablePluggedIn",
    seqNo,
    transactionInfo: { transactionId: "T1" },
    evse: { id: 1, connectorId: 1 },
  };
}

const manners: readonly HangUp[] = ["close frame", "FIN", "reset"];

for (const database of databases) {
  describe(`a station that hangs up, on ${database.name}`, () => {
    it("ends its transaction of 1.6, behind messages that it did not wait for", async () => {
      const { gateway, services } = await start({ database });
      for (const manner of manners) {
        await services.stations.add(manner, {});
        const line = await open(`${gateway.url}/${encodeURIComponent(manner)}`, "ocpp1.6");
        const transactionId = await begin16(line);
        for (let count = 0; count < 8; count += 1) {
          const status = { connectorId: 1, errorCode: "NoError", status: "Finishing", info: `${count}` };
          line.send("StatusNotification", status);
        }
        line.send("StopTransaction", { transactionId, meterStop: 500, timestamp: now(), reason: "SoftReset" });
        line.raw.hangUp(manner);
        await until(
          () => services.transactions.find(String(transactionId)),
          (row) => row?.complete === 1,
        );
        const { reader } = services.store;
        const statuses = reader.selectFrom("statuses").select("info").where("station_id", "=", manner).orderBy("id");
        const infos = (await statuses.execute()).map(({ info }) => info);
        expect(infos, manner).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
      }
    });

    it("ends its transaction of 2.0.1, behind messages that it did not wait for", async () => {
      const { gateway, services } = await start({ database });
      for (const manner of manners) {
        await services.stations.add(manner, {});
        const line = await open(`${gateway.url}/${encodeURIComponent(manner)}`, "ocpp2.0.1");
        await begin201(line);
        for (let seqNo = 1; seqNo < 8; seqNo += 1) line.send("TransactionEvent", event("Updated", seqNo));
        line.send("TransactionEvent", event("Ended", 8));
        line.raw.hangUp(manner);
        const row = await until(
          () => services.transactions.find("T1", manner),
          (found) => found?.complete === 1,
        );
        expect(row, manner).toMatchObject({ seq_count: 9, last_seq: 8 });
      }
    });
  });
}

/** Hooks that hold messages back until they are released. */
function holding(holds: (action: string, request: unknown) => boolean): {
  readonly hooks: MessageHooks;
  readonly release: () => void;
} {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hooks: MessageHooks = {
    wanted: () => true,
    before: async ({ action, request }) => {
      if (holds(action, request)) await held;
      return undefined;
    },
    amend: async (_message, answer) => answer,
    after: () => {},
  };
  return { hooks, release };
}

describe("what a station has sent before it hung up", () => {
  const hasGone = ({ services }: TestGateway): Promise<unknown> =>
    until(
      () => services.connections.of("CS001"),
      (connection) => connection === undefined,
    );

  it("is not begun where it only asks, and that is logged with action and message id", async () => {
    const { hooks, release } = holding((action) => action === "StatusNotification");
    const test = await start({ hooks });
    const { gateway, services, events } = test;
    const line = await open(`${gateway.url}/CS001`, "ocpp1.6");
    await begin16(line);
    const ids = [
      line.send("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" }),
      line.send("Authorize", { idTag: "TAG1" }),
      line.send("Heartbeat", {}),
      line.send("DataTransfer", { vendorId: "acme" }),
      line.send("SecurityEventNotification", { type: "FirmwareUpdated", timestamp: now() }),
    ];
    line.raw.hangUp("FIN");
    await hasGone(test);
    release();
    await until(
      () => events.some(({ kind }) => kind === "station.security"),
      (yes) => yes,
    );
    const dropped = services.log.lines.filter(({ text }) => text.startsWith("A message was dropped"));
    expect(dropped.map(({ fields }) => fields)).toEqual([
      { stationId: "CS001", action: "Authorize", messageId: ids[1] },
      { stationId: "CS001", action: "Heartbeat", messageId: ids[2] },
      { stationId: "CS001", action: "DataTransfer", messageId: ids[3] },
    ]);
    expect(events.filter(({ kind }) => kind === "station.heartbeat")).toEqual([]);
    expect(await services.connectors.of("CS001")).toMatchObject([{ status: "Charging" }]);
  });

  it("does not open the gate nor start automation, where it is a late BootNotification", async () => {
    const { hooks, release } = holding((action) => action === "BootNotification");
    const test = await start({ hooks });
    const { gateway, services, events } = test;
    const line = await open(`${gateway.url}/CS001`, "ocpp1.6");
    line.send("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Late" });
    line.raw.hangUp("FIN");
    await hasGone(test);
    release();
    await until(
      () => events.some(({ kind }) => kind === "station.booted"),
      (yes) => yes,
    );
    expect(await services.stations.get("CS001")).toMatchObject({ model: "Late", booted: 0 });
    const again = await open(`${gateway.url}/CS001`, "ocpp1.6");
    again.send("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
    await again.answer(again.send("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" }));
    expect(await services.stations.get("CS001")).toMatchObject({ booted: 1 });
    expect(await services.store.reader.selectFrom("statuses").selectAll().execute()).toEqual([]);
    expect(await services.store.reader.selectFrom("commands").selectAll().execute()).toEqual([]);
  });

  const values = (transactionId: number, value: string) => ({
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: now(), sampledValue: [{ value }] }],
  });
  const recorded = async ({ services }: TestGateway): Promise<(number | null)[]> => {
    const rows = await services.store.reader.selectFrom("meter_values").select("register").orderBy("id").execute();
    return rows.map(({ register }) => register);
  };

  it("is recorded before the transaction messages of the next connection", async () => {
    const { hooks, release } = holding((_action, request) => JSON.stringify(request).includes('"value":"1"'));
    const test = await start({ hooks });
    const { gateway, services } = test;
    const line = await open(`${gateway.url}/CS001`, "ocpp1.6");
    const transactionId = await begin16(line);
    line.send("MeterValues", values(transactionId, "1"));
    line.send("MeterValues", values(transactionId, "2"));
    // Takes the place of the connection whose handler hangs.
    const next = await open(`${gateway.url}/CS001`, "ocpp1.6");
    await next.answer(next.send("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Next" }));
    const third = next.send("MeterValues", values(transactionId, "3"));
    await until(
      () => services.connections.of("CS001")?.handling,
      (count) => count === 1,
    );
    expect(await recorded(test)).toEqual([]);
    release();
    await next.answer(third);
    expect(await recorded(test)).toEqual([1, 2, 3]);
  });

  it("holds the next connection back for five seconds at the most", async () => {
    const clock = manualClock();
    const { hooks, release } = holding((_action, request) => JSON.stringify(request).includes('"value":"1"'));
    const test = await start({ hooks, clock });
    const { gateway, services } = test;
    const line = await open(`${gateway.url}/CS001`, "ocpp1.6");
    const transactionId = await begin16(line);
    line.send("MeterValues", values(transactionId, "1"));
    await until(
      () => services.connections.of("CS001")?.handling,
      (count) => count === 1,
    );
    const next = await open(`${gateway.url}/CS001`, "ocpp1.6");
    const second = next.send("MeterValues", values(transactionId, "2"));
    await until(
      () => services.connections.of("CS001")?.handling,
      (count) => count === 1,
    );
    await clock.advance(4_999);
    expect(await recorded(test)).toEqual([]);
    await clock.advance(1);
    await next.answer(second);
    expect(await recorded(test)).toEqual([2]);
    release();
    await until(
      () => recorded(test),
      (registers) => registers.length === 2,
    );
    line.raw.close();
    next.raw.close();
  });
});
