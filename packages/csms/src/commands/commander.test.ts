import { type ManualClock, manualClock, OcppError } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "../ocpp/gateway.fixture.ts";
import { openRaw } from "../ocpp/raw-station.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import { createCommander } from "./commander.ts";

let running: TestGateway | undefined;

async function start(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  running = await testGateway(options);
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const as = { requestedBy: "test" };

/** A promise that is kept open until it is told otherwise. */
function gate<T>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

async function withStation(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  const test = await start(options);
  await test.services.stations.add("CS001", {});
  return test;
}

describe("a command", () => {
  it("is sent as it was given, and kept with its states and times", async () => {
    const test = await withStation();
    const received: string[] = [];
    await test.station201("CS001", {
      DataTransfer: (request) => {
        received.push(JSON.stringify(request));
        return { status: "Accepted", data: { z: 1, a: 2 } };
      },
    });
    const payload = { vendorId: "v", data: { z: 1, a: [null, { b: 1 }] }, customData: { vendorId: "x", more: true } };
    const command = await test.services.commander.submit("CS001", "DataTransfer", payload, { ...as, id: "my-id" });
    expect(command.id).toBe("my-id");
    expect(await command.outcome).toEqual({
      id: "my-id",
      state: "completed",
      result: { status: "Accepted", data: { z: 1, a: 2 } },
    });
    expect(received).toEqual([JSON.stringify(payload)]);
    const row = await test.services.commander.get("my-id");
    expect(row).toMatchObject({
      state: "completed",
      payload: JSON.stringify(payload),
      result: '{"status":"Accepted","data":{"z":1,"a":2}}',
      requested_by: "test",
    });
    expect(row?.sent_at).toBeGreaterThan(0);
    expect(row?.received_at).toBeGreaterThan(0);
    expect(row?.completed_at).toBeGreaterThan(0);
    await expect
      .poll(() => test.events.filter(({ kind }) => kind.startsWith("command.")).map(({ kind }) => kind))
      .toEqual(["command.new", "command.sent", "command.completed"]);
    await expect(
      test.services.commander.submit("CS001", "DataTransfer", payload, { ...as, id: "my-id" }),
    ).rejects.toThrow("already");
  });

  it("is checked before anything leaves, by the station's version", async () => {
    const test = await withStation();
    const { commander } = test.services;
    await expect(commander.submit("NOBODY", "Reset", {}, as)).rejects.toMatchObject({ name: "NotFoundError" });
    // Never connected: right in one version at least.
    await expect(commander.submit("CS001", "Rest", {}, as)).rejects.toThrow("any version");
    await expect(commander.submit("CS001", "Reset", { type: "Gently" }, as)).rejects.toMatchObject({
      name: "InvalidRequestError",
    });
    expect(await commander.call("CS001", "Reset", { type: "Soft" }, as)).toMatchObject({
      state: "error",
      code: "NotConnected",
    });
    await test.station201("CS001");
    await expect(commander.submit("CS001", "Reset", { type: "Soft" }, as)).rejects.toThrow("type");
    await expect(commander.submit("CS001", "BootNotification", {}, as)).rejects.toThrow("no action that a CSMS sends");
    await expect(commander.submit("CS001", "RemoteStopTransaction", { transactionId: 1 }, as)).rejects.toThrow(
      "ocpp2.0.1",
    );
    await expect(commander.submit("CS001", "ClearCache", { extra: 1 }, as)).rejects.toThrow("extra");
    await expect(commander.submit("CS001", "toString", {}, as)).rejects.toMatchObject({ name: "InvalidRequestError" });
  });

  it("that the station refuses comes back at once as what it is", async () => {
    const test = await withStation();
    await test.station16("CS001", {
      ClearCache: () => {
        throw new OcppError("OccurrenceConstraintViolation", "never heard of it");
      },
    });
    const begun = Date.now();
    const outcome = await test.services.commander.call("CS001", "ClearCache", {}, as);
    expect(outcome).toMatchObject({
      state: "error",
      code: "OccurrenceConstraintViolation",
      description: "never heard of it",
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
    expect(await test.services.commander.get(outcome.id)).toMatchObject({
      state: "error",
      error_code: "OccurrenceConstraintViolation",
    });
  });

  it("ends where the station does not answer, answers nonsense, or goes", async () => {
    const test = await withStation();
    const { commander } = test.services;
    const raw = await openRaw(`${test.gateway.url.replace(/\/$/, "")}/CS001`, "ocpp1.6");
    await until(
      () => test.services.connections.size,
      (size) => size === 1,
    );
    const nonsense = commander.call("CS001", "ClearCache", {}, { ...as, id: "x1" });
    await until(
      () => raw.frames,
      ({ length }) => length === 1,
    );
    raw.send('[3,"x1",{"status":"Perhaps"}]');
    expect(await nonsense).toMatchObject({ code: "InvalidResponse" });
    const peer = await test.station16("CS001", { ClearCache: () => new Promise<never>(() => {}) });
    expect(await commander.call("CS001", "ClearCache", {}, { ...as, timeout: 50 })).toMatchObject({ code: "Timeout" });
    const lost = commander.call("CS001", "ClearCache", {}, as);
    await until(
      () => test.services.store.reader.selectFrom("commands").selectAll().where("state", "=", "sent").execute(),
      ({ length }) => length === 1,
    );
    await peer.close({ timeout: 0 });
    expect(await lost).toMatchObject({ code: "ConnectionLost" });
  });

  it("goes one after the other to a station, in the order in which they were given", async () => {
    const test = await withStation();
    const first = gate<{ status: "Accepted" }>();
    const order: string[] = [];
    await test.station16("CS001", {
      ClearCache: () => {
        order.push("ClearCache");
        return first.promise;
      },
      Reset: ({ type }) => {
        order.push(type);
        return { status: "Accepted" };
      },
    });
    const { commander } = test.services;
    const outcomes = [
      commander.call("CS001", "ClearCache", {}, as),
      commander.call("CS001", "Reset", { type: "Soft" }, as),
      commander.call("CS001", "Reset", { type: "Hard" }, as),
    ];
    await until(
      () => order,
      ({ length }) => length === 1,
    );
    first.open({ status: "Accepted" });
    await Promise.all(outcomes);
    expect(order).toEqual(["ClearCache", "Soft", "Hard"]);
  });

  it("is refused where too many wait, given up at its deadline, and cancelled by its signal", async () => {
    const clock: ManualClock = manualClock({ start: Date.now() });
    const test = await withStation({
      clock,
      configuration: { commands: { queueLimit: 2, deadline: 10, timeout: 1_000 } },
    });
    const held = gate<{ status: "Accepted" }>();
    await test.station16("CS001", { ClearCache: () => held.promise, Reset: () => ({ status: "Accepted" }) });
    const { commander } = test.services;
    const inFlight = commander.call("CS001", "ClearCache", {}, as);
    await until(() => test.events.some(({ kind }) => kind === "command.sent"), Boolean);
    const controller = new AbortController();
    const waiting = await commander.submit("CS001", "Reset", { type: "Soft" }, { ...as, signal: controller.signal });
    const second = await commander.submit("CS001", "Reset", { type: "Hard" }, as);
    expect(await commander.call("CS001", "Reset", { type: "Hard" }, as)).toMatchObject({
      state: "error",
      code: "QueueFull",
    });
    controller.abort();
    expect(await waiting.outcome).toMatchObject({ code: "Cancelled" });
    await clock.advance(10_001);
    expect(await second.outcome).toMatchObject({ code: "Deadline" });
    held.open({ status: "Accepted" });
    expect(await inFlight).toMatchObject({ state: "completed" });
  });

  it("is cancelled by its id, whether it waits or is on its way, whoever gave it, and no more once it has ended", async () => {
    const test = await withStation();
    await test.station16("CS001", { RemoteStartTransaction: () => new Promise(() => {}) });
    const { commander, operations, remoteStarts } = test.services;
    const started = operations.remoteStart("CS001", { idToken: "TAG1" }, "operator").catch((error: unknown) => error);
    const sent = await until(
      () => test.events.find(({ kind }) => kind === "command.sent"),
      (event) => event !== undefined,
    );
    const onItsWay = (sent?.data as { readonly id: string } | undefined)?.id ?? "";
    const job = await commander.startJob(["CS001"], "ClearCache", {}, { ...as, offline: "wait" });
    const waiting = await test.services.store.reader
      .selectFrom("commands")
      .select("id")
      .where("job_id", "=", job.id)
      .executeTakeFirstOrThrow();
    expect(await commander.cancel(waiting.id)).toBe(true);
    expect(await commander.get(waiting.id)).toMatchObject({ state: "error", error_code: "Cancelled" });
    expect(await commander.cancel(onItsWay)).toBe(true);
    expect(await started).toMatchObject({ code: "Cancelled", commandId: onItsWay });
    // The station may start all the same, and then is asked about the token.
    expect(await remoteStarts.pending("CS001", { idToken: "TAG1" })).toBeUndefined();
    expect(await commander.cancel(onItsWay)).toBe(false);
    expect(await commander.cancel("nothing")).toBe(false);
  });

  it("that is cancelled between two connections is not sent on the next one", async () => {
    const test = await withStation();
    const peer = await test.station16("CS001", { ClearCache: () => new Promise(() => {}) });
    const { commander } = test.services;
    const inFlight = commander.call("CS001", "ClearCache", {}, as);
    await until(() => test.events.some(({ kind }) => kind === "command.sent"), Boolean);
    const next = await commander.submit("CS001", "Reset", { type: "Soft" }, { ...as, offline: "wait" });
    await peer.close({ timeout: 0 });
    await inFlight;
    expect(await commander.cancel(next.id)).toBe(true);
    const asked: string[] = [];
    await test.station16("CS001", {
      Reset: ({ type }) => {
        asked.push(type);
        return { status: "Accepted" };
      },
    });
    expect(await commander.call("CS001", "Reset", { type: "Hard" }, as)).toMatchObject({ state: "completed" });
    expect(asked).toEqual(["Hard"]);
  });

  it("waits for a station that is offline where it shall, until it connects or the deadline comes", async () => {
    const clock: ManualClock = manualClock({ start: Date.now() });
    const test = await withStation({ clock });
    const { commander } = test.services;
    const given = await commander.submit("CS001", "ClearCache", {}, { ...as, offline: "wait" });
    const late = await commander.submit("CS001", "Reset", { type: "Soft" }, { ...as, offline: "wait", deadline: 50 });
    await clock.advance(51);
    expect(await late.outcome).toMatchObject({ code: "Deadline" });
    await test.station16("CS001", { ClearCache: () => ({ status: "Accepted" }) });
    expect(await given.outcome).toMatchObject({ state: "completed" });
  });

  it("that an earlier process left unfinished is interrupted", async () => {
    const test = await withStation();
    const { services } = test;
    const given = await services.commander.submit("CS001", "ClearCache", {}, { ...as, offline: "wait" });
    const another = createCommander(services, services.connections, services.stations, services.systemLog);
    await another.call("CS001", "ClearCache", {}, as);
    expect(await another.get(given.id)).toMatchObject({ state: "error", error_code: "Interrupted" });
    await another.close(0);
  });

  it("is cut off when the CSMS closes, and no new one is taken", async () => {
    const test = await withStation();
    const { commander } = test.services;
    await test.station16("CS001", { ClearCache: () => new Promise<never>(() => {}) });
    const inFlight = commander.call("CS001", "ClearCache", {}, as);
    await until(() => test.events.some(({ kind }) => kind === "command.sent"), Boolean);
    const waiting = await commander.submit("CS001", "Reset", { type: "Soft" }, as);
    await commander.close(20);
    expect(await waiting.outcome).toMatchObject({ code: "Cancelled" });
    expect(await inFlight).toMatchObject({ code: "Cancelled" });
    await expect(commander.submit("CS001", "ClearCache", {}, as)).rejects.toThrow("closing");
  });
});

for (const database of databases) {
  describe(`a job on ${database.name}`, () => {
    it("asks many stations a few at a time, with a result for each", async () => {
      const test = await start({ database });
      const { commander, stations } = test.services;
      const ids = Array.from({ length: 40 }, (_none, index) => `CS${index}`);
      let atOnce = 0;
      let most = 0;
      for (const id of ids) await stations.add(id, {});
      for (const id of ids.slice(0, 35)) {
        await test.station16(id, {
          ClearCache: async () => {
            atOnce += 1;
            most = Math.max(most, atOnce);
            await new Promise((resolve) => setTimeout(resolve, 20));
            atOnce -= 1;
            return { status: id === "CS3" ? "Rejected" : "Accepted" };
          },
        });
      }
      await expect(commander.startJob(["CS1", "NOBODY"], "ClearCache", {}, as)).rejects.toThrow("NOBODY");
      await expect(commander.startJob(ids, "ClearCache", { x: 1 }, as)).rejects.toMatchObject({
        name: "InvalidRequestError",
      });
      const job = await commander.startJob([...ids, "CS1"], "ClearCache", {}, as);
      expect(job).toMatchObject({ total: 40, action: "ClearCache", cancelled: 0 });
      const done = await until(
        () => commander.job(job.id),
        (state) => state !== undefined && state.counts.completed + state.counts.error === 40,
      );
      expect(done?.counts).toEqual({ new: 0, sent: 0, received: 0, completed: 35, error: 5 });
      expect(most).toBeLessThanOrEqual(25);
      expect(most).toBeGreaterThan(1);
      await until(
        () => test.events.find(({ kind }) => kind === "job.finished"),
        (event) => event !== undefined,
      );
      const rows = await test.services.store.reader
        .selectFrom("commands")
        .selectAll()
        .where("job_id", "=", job.id)
        .execute();
      expect(rows.find(({ station_id }) => station_id === "CS3")?.result).toBe('{"status":"Rejected"}');
      expect(rows.find(({ station_id }) => station_id === "CS39")).toMatchObject({
        state: "error",
        error_code: "NotConnected",
      });
    });

    it("can be given up, as far as it has not been sent", async () => {
      const test = await start({ database });
      const { commander, stations } = test.services;
      for (const id of ["A", "B"]) await stations.add(id, {});
      const job = await commander.startJob(["A", "B"], "ClearCache", {}, { ...as, offline: "wait" });
      expect((await commander.job(job.id))?.counts.new).toBe(2);
      await commander.cancelJob(job.id);
      const ended = await until(
        () => commander.job(job.id),
        (state) => state?.counts.error === 2,
      );
      expect(ended?.job.cancelled).toBe(1);
      await expect(commander.cancelJob(12345)).rejects.toMatchObject({ name: "NotFoundError" });
      expect(await commander.job(12345)).toBeUndefined();
    });
  });
}
