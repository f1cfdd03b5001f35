import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import { openRaw, upgrade } from "./raw-station.fixture.ts";

let running: TestGateway | undefined;

async function start(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  running = await testGateway(options);
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const boot16 = { chargePointVendor: "Acme", chargePointModel: "Mono" };
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } } as const;

describe("presence", () => {
  it("knows who is connected, with which version and from where, and forgets it", async () => {
    const { services, station16, events } = await start();
    await services.stations.add("CS001", {});
    const peer = await station16("CS001");
    const row = await until(
      () => services.stations.get("CS001"),
      (found) => found?.connected === 1,
    );
    expect(row).toMatchObject({ protocol: "ocpp1.6", remote_address: "127.0.0.1" });
    expect(services.connections.of("CS001")?.protocol).toBe("ocpp1.6");
    await peer.close();
    await until(
      () => services.stations.get("CS001"),
      (found) => found?.connected === 0,
    );
    expect(services.connections.size).toBe(0);
    const kinds = await until(
      () => events.map(({ kind }) => kind).filter((kind) => kind.startsWith("station.")),
      ({ length }) => length >= 5,
    );
    expect(kinds).toEqual([
      "station.registered",
      "station.connected",
      "station.online",
      "station.disconnected",
      "station.offline",
    ]);
  });

  it("lets the oldest connection count where it is configured so", async () => {
    const { services, station16 } = await start({ configuration: { webSocket: { duplicates: "oldest" } } });
    await services.stations.add("CS001", {});
    const first = await station16("CS001");
    await expect(station16("CS001")).rejects.toMatchObject({ status: 409 });
    expect(first.state).toBe("open");
    await first.close();
    await until(
      () => services.connections.size,
      (size) => size === 0,
    );
    expect((await station16("CS001")).state).toBe("open");
  });

  it("lets the newest connection count, and tells of no end of the station then", async () => {
    const { services, station16, events } = await start();
    await services.stations.add("CS001", {});
    const first = await station16("CS001");
    const second = await station16("CS001", { Reset: () => ({ status: "Accepted" }) });
    expect(await first.closed).toMatchObject({ code: 4001 });
    expect(await services.operations.reset("CS001", "Soft", "test")).toMatchObject({ accepted: true });
    expect(second.state).toBe("open");
    expect((await services.stations.get("CS001"))?.connected).toBe(1);
    expect(events.some(({ kind }) => kind === "station.disconnected")).toBe(false);
  });

  it("serves any prefix, and forgets connections that an earlier process has left", async () => {
    const { services, gateway, station201 } = await start();
    await services.stations.add("CS001", {});
    const peer = await station201("CS001", {}, { url: `${gateway.url.replace(/\/$/, "")}/a/tenant` });
    expect(await peer.call("BootNotification", boot2x)).toMatchObject({ status: "Accepted" });
    await until(
      () => services.stations.get("CS001"),
      (found) => found?.connected === 1,
    );
    await peer.close();
  });
});

it("disconnects a station that says nothing for too long", async () => {
  const test = await start({ configuration: { webSocket: { idleTimeout: 0.2, pingInterval: 0 } } });
  await test.services.stations.add("CS001", {});
  const peer = await test.station16("CS001");
  expect(await peer.closed).toMatchObject({ code: 4002 });
  await until(
    () => test.services.connections.size,
    (size) => size === 0,
  );
});

describe("the frame log", () => {
  it("keeps frames both ways with the action of answers, and no secrets", async () => {
    const { services, station16 } = await start();
    await services.stations.add("CS001", {});
    const peer = await station16("CS001", { ChangeConfiguration: () => ({ status: "Rejected" }) });
    await peer.call("BootNotification", boot16);
    const secret = "00112233445566778899aabbccddeeff";
    await services.operations.changePassword("CS001", secret, "test");
    const frames = await until(
      () => services.store.reader.selectFrom("frames").selectAll().orderBy("id").execute(),
      ({ length }) => length === 4,
    );
    expect(frames.map(({ direction, type, action }) => [direction, type, action])).toEqual([
      ["inbound", 2, "BootNotification"],
      ["outbound", 3, "BootNotification"],
      ["outbound", 2, "ChangeConfiguration"],
      ["inbound", 3, "ChangeConfiguration"],
    ]);
    expect(frames[0]?.message_id).toBe(frames[1]?.message_id);
    expect(JSON.stringify(frames)).not.toContain(secret);
    const commands = await services.store.reader.selectFrom("commands").selectAll().execute();
    expect(JSON.stringify(commands)).not.toContain(secret);
  });
});

describe("the wire", () => {
  it.each([
    ["ocpp1.6", "GenericError"],
    ["ocpp2.0.1", "RpcFrameworkError"],
    ["ocpp2.1", "RpcFrameworkError"],
  ])("of %s answers message ids as they came, or refuses them where it is configured so", async (protocol, code) => {
    const ids = [`"${"x".repeat(37)}"`, "7", "1e3"];
    const { services, gateway } = await start();
    await services.stations.add("CS001", {});
    const tolerant = await openRaw(`${gateway.url}/CS001`, protocol);
    for (const [index, id] of ids.entries()) {
      tolerant.send(`[2,${id},"Unknown",{}]`);
      const frames = await until(
        () => tolerant.frames,
        ({ length }) => length > index,
      );
      expect(frames[index]).toMatch(`[4,${id},"NotImplemented",`);
    }
    tolerant.close();
    await running?.[Symbol.asyncDispose]();

    const strict = await start({ configuration: { webSocket: { messageIds: "strict" } } });
    await strict.services.stations.add("CS001", {});
    const refused = await openRaw(`${strict.gateway.url}/CS001`, protocol);
    for (const [index, id] of ids.entries()) {
      refused.send(`[2,${id},"Unknown",{}]`);
      const frames = await until(
        () => refused.frames,
        ({ length }) => length > index,
      );
      expect(frames[index]).toMatch(`[4,${id},"${code}","The message id `);
    }
    refused.close();
  });

  it("without a version in common completes the handshake and closes, or refuses it where it is configured so", async () => {
    const { gateway } = await start();
    expect((await upgrade(`${gateway.url}/CS001`, "ocpp1.5")).status).toBe(101);
    await running?.[Symbol.asyncDispose]();
    const refusing = await start({ configuration: { webSocket: { noCommonVersion: "refuse" } } });
    expect((await upgrade(`${refusing.gateway.url}/CS001`, "ocpp1.5")).status).toBe(400);
  });
});
