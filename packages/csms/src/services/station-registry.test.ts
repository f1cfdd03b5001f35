import { type ManualClock, manualClock } from "@ocpp/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { testPlatform } from "./platform.fixture.ts";
import { createStationRegistry, type StationRegistry } from "./station-registry.ts";
import { createSystemLog } from "./system-log.ts";

for (const database of databases) {
  describe(`the station registry on ${database.name}`, () => {
    let store: Store;
    let clock: ManualClock;
    let stations: StationRegistry;
    let events: CsmsEvent[];

    beforeEach(async () => {
      store = await database.open();
      clock = manualClock();
      const platform = testPlatform(store, { clock });
      events = [];
      platform.events.subscribe((event) => {
        if (event.kind !== "system.log") events.push(event);
      });
      stations = createStationRegistry(platform, createSystemLog(platform));
    });

    afterEach(() => database.remove());

    const facts = { protocol: "ocpp1.6", remoteAddress: "10.0.0.1", securityProfile: 1 };

    it("takes stations in, changes and removes them", async () => {
      const row = await stations.add("CS 001", { registration: "Pending", heartbeatInterval: 30, note: "by the door" });
      expect(row).toMatchObject({ registration: "Pending", heartbeat_interval: 30, security_profile: 0, booted: 0 });
      expect(await stations.get("CS 001")).toEqual(row);
      await expect(stations.add("CS 001", {})).rejects.toMatchObject({ name: "ConflictError" });
      expect(await stations.get("cs 001")).toBeUndefined();
      expect(await stations.change("CS 001", { heartbeatInterval: null, securityProfile: 2 })).toMatchObject({
        heartbeat_interval: null,
        security_profile: 2,
        note: "by the door",
      });
      await expect(stations.change("CS002", {})).rejects.toMatchObject({ name: "NotFoundError" });
      await stations.remove("CS 001");
      expect(await stations.get("CS 001")).toBeUndefined();
      await expect(stations.remove("CS 001")).rejects.toMatchObject({ name: "NotFoundError" });
      await expect
        .poll(() => events.map(({ kind }) => kind))
        .toEqual(["station.registered", "station.changed", "station.removed"]);
    });

    it("refuses what cannot be meant, by name", async () => {
      for (const id of ["", "a:b", "a/b", "x".repeat(49)]) {
        await expect(stations.add(id, {})).rejects.toMatchObject({ name: "InvalidRequestError" });
      }
      await expect(stations.add("A", { heartbeatInterval: 0 })).rejects.toThrow("heartbeatInterval");
      await expect(stations.add("A", { heartbeatInterval: 1.5 })).rejects.toThrow("heartbeatInterval");
      await expect(stations.add("A", { securityProfile: 4 })).rejects.toThrow("securityProfile");
      await expect(stations.add("A", { password: "" })).rejects.toThrow("password");
      await expect(stations.setPassword("A", "x")).rejects.toMatchObject({ name: "NotFoundError" });
    });

    it("removes none that is connected or has an open transaction", async () => {
      await stations.add("A", {});
      await stations.connected("A", facts);
      await expect(stations.remove("A")).rejects.toThrow("connected");
      await stations.disconnected("A", { code: 1000, reason: "" });
      await stations.remove("A");
    });

    it("knows the rows of connected stations without asking, also what has just changed", async () => {
      const row = await stations.add("A", {});
      expect(stations.live("A")).toBeUndefined();
      const connecting = stations.connected("A", { ...facts, row });
      expect(stations.live("A")).toMatchObject({ connected: 1, protocol: "ocpp1.6" });
      await connecting;
      await stations.change("A", { registration: "Rejected" });
      expect(stations.live("A")?.registration).toBe("Rejected");
      expect(await stations.boot("A", { vendor: "V", model: "M" })).toEqual({ status: "Rejected", interval: 60 });
      await stations.change("A", { registration: "Accepted", heartbeatInterval: 7 });
      expect(await stations.boot("A", { vendor: "V", model: "M" })).toEqual({ status: "Accepted", interval: 7 });
      expect(stations.live("A")).toMatchObject({ booted: 1, vendor: "V" });
      expect(await stations.get("A")).toMatchObject({ booted: 1, vendor: "V", last_boot_at: clock.now() });
      await stations.disconnected("A", { code: 1006, reason: "gone" });
      expect(stations.live("A")).toBeUndefined();
      expect(await stations.get("A")).toMatchObject({ connected: 0, booted: 1, disconnected_at: clock.now() });
    });

    it("takes back that a station was accepted, where it boots and is not", async () => {
      await stations.add("A", {});
      await stations.boot("A", { vendor: "V", model: "M" });
      await stations.change("A", { registration: "Pending" });
      expect((await stations.get("A"))?.booted).toBe(1);
      await stations.boot("A", { vendor: "V", model: "M" });
      expect((await stations.get("A"))?.booted).toBe(0);
    });

    it("notes heartbeats, and once in a while that anything arrives (G02.FR.04)", async () => {
      await stations.add("A", {});
      await stations.connected("A", facts);
      await clock.advance(60_000);
      await stations.heartbeat("A");
      await store.write();
      await store.write(store.reader.deleteFrom("knocks"));
      expect(await stations.get("A")).toMatchObject({ last_heartbeat_at: clock.now(), last_seen_at: clock.now() });
      const before = clock.now();
      await clock.advance(1_000);
      stations.seen("A");
      expect(stations.live("A")?.last_seen_at).toBe(before);
      await clock.advance(5_000);
      stations.seen("A");
      expect(stations.live("A")?.last_seen_at).toBe(clock.now());
    });

    it("forgets connections that an earlier process has left", async () => {
      await stations.add("A", {});
      await stations.connected("A", facts);
      const platform = testPlatform(store, { clock });
      const next = createStationRegistry(platform, createSystemLog(platform));
      await next.forgetConnections();
      expect((await next.get("A"))?.connected).toBe(0);
    });

    it("accepts two passwords until one is settled", async () => {
      await stations.add("A", { password: "first-password-1" });
      const is = async (password: string): Promise<boolean> => {
        const row = await stations.get("A");
        return row !== undefined && stations.verifyPassword(row, Buffer.from(password));
      };
      await stations.stagePassword("A", "second-password-2");
      expect(await is("first-password-1")).toBe(true);
      expect((await stations.get("A"))?.next_password_hash).not.toBeNull();
      await stations.settlePassword("A", false);
      expect(await is("second-password-2")).toBe(false);
      await stations.stagePassword("A", "second-password-2");
      expect(await is("second-password-2")).toBe(true);
      expect(await is("first-password-1")).toBe(false);
      await stations.settlePassword("A", false);
      expect(await is("second-password-2")).toBe(true);
      await stations.setPassword("A", null);
      expect(await is("second-password-2")).toBe(false);
    });

    it("tells that a station is online again where its old connection ended while the new one was let in", async () => {
      await stations.add("A", {});
      await stations.connected("A", facts);
      const row = await stations.get("A");
      await stations.disconnected("A", { code: 1006, reason: "" });
      await stations.connected("A", { ...facts, row });
      const presence = () => events.map(({ kind }) => kind).filter((kind) => kind.endsWith("line"));
      await expect.poll(presence).toEqual(["station.online", "station.offline", "station.online"]);
    });

    it("never takes a station's new connection for the one before, whatever is written meanwhile", async () => {
      const row = await stations.add("A", {});
      for (let round = 0; round < 50; round += 1) {
        await clock.advance(1);
        const first = stations.connected("A", { ...facts, protocol: "ocpp2.0.1", row });
        if (round % 2 === 0) await first.catch(() => {});
        else for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
        for (let turn = 0; turn < round % 7; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(1);
        const second = stations.connected("A", { ...facts, row });
        for (let turn = 0; turn < 20; turn += 1) {
          expect(stations.live("A")?.protocol).toBe("ocpp1.6");
          await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all([first, second]);
      }
    });

    it("keeps a second password that a station takes later, though it shows the first one until then", async () => {
      await stations.add("A", { password: "first-password-1" });
      const is = async (password: string): Promise<boolean> => {
        const row = await stations.get("A");
        return row !== undefined && stations.verifyPassword(row, Buffer.from(password));
      };
      // It was answered RebootRequired; the connection breaks before the station reboots.
      await stations.stagePassword("A", "second-password-2");
      stations.leavePassword("A");
      expect(await is("first-password-1")).toBe(true);
      // A third password that the station refuses changes nothing about the second.
      await stations.stagePassword("A", "third-password-3");
      await stations.settlePassword("A", false);
      expect(await is("third-password-3")).toBe(false);
      expect(await is("second-password-2")).toBe(true);
      expect(await is("first-password-1")).toBe(false);
    });

    it("keeps knocks and no more than a thousand of them", async () => {
      for (let from = 0; from < 1_100; from += 100) {
        await clock.advance(1);
        await Promise.all(
          Array.from({ length: 100 }, (_none, index) => stations.knocked(`N${from + index}`, "10.0.0.9", ["ocpp1.6"])),
        );
      }
      await stations.knocked("N1099", "10.0.0.9", []);
      const knocks = await stations.knocks();
      expect(knocks.length).toBeLessThanOrEqual(1_000);
      expect(knocks.find(({ identity }) => identity === "N1099")).toMatchObject({ attempts: 2, subprotocols: "" });
      expect(await stations.dismissKnock("N1099")).toBe(true);
      expect(await stations.dismissKnock("N1099")).toBe(false);
    });
  });
}
