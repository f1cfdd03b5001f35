import { type ManualClock, manualClock } from "@ocpp/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { createSystemLog } from "../observability/system-log.ts";
import { RateLimitError } from "../shared/rate-limit.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { createPasswordHashes } from "./password.ts";
import { createStationRegistry, type StationRegistry } from "./registry.ts";

for (const database of databases) {
  describe(`the station registry on ${database.name}`, () => {
    let store: Store;
    let clock: ManualClock;
    let stations: StationRegistry;
    let events: CsmsEvent[];

    beforeEach(async () => {
      store = await database.open();
      clock = manualClock();
      const infrastructure = testInfrastructure(store, { clock });
      events = [];
      infrastructure.events.subscribe((event) => {
        if (event.kind !== "system.log") events.push(event);
      });
      stations = createStationRegistry(infrastructure, createSystemLog(infrastructure));
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

    it("pins one of two certificates that come at once, and refuses the other", async () => {
      const row = await stations.add("A", {});
      const both = await Promise.all([stations.pinCertificate(row, "AA"), stations.pinCertificate(row, "BB")]);
      expect(both.filter((pinned) => pinned === undefined)).toHaveLength(1);
      const pinned = (await stations.get("A"))?.pinned_certificate;
      expect(both.find((one) => one !== undefined)?.pinned_certificate).toBe(pinned);
      const announced = await stations.change("A", { nextCertificate: "0C".repeat(32) });
      const next = announced.next_certificate ?? "";
      // The announced one comes from two places at once: both are let in. The one before is out, also where it was read earlier.
      const again = await Promise.all([
        stations.pinCertificate(announced, next),
        stations.pinCertificate(announced, next),
      ]);
      expect(again.map((one) => one?.pinned_certificate)).toEqual([next, next]);
      expect(await stations.pinCertificate(await stations.change("A", {}), pinned ?? "")).toBeUndefined();
      expect(await stations.pinCertificate(row, "DD")).toBeUndefined();
      await expect(stations.pinCertificate({ ...row, id: "B" }, "AA")).rejects.toMatchObject({ name: "NotFoundError" });
    });

    it("keeps a station that took itself in as such when its certificate is pinned or expires", async () => {
      await stations.selfRegister("A", {}, { remoteAddress: "10.0.0.1", signal: undefined });
      const row = await stations.get("A");
      if (row === undefined) throw new Error("The station is not there");
      const pinned = await stations.pinCertificate(row, "AA");
      if (pinned === undefined) throw new Error("The certificate was refused");
      expect(await stations.recordExpiry(pinned, true)).toMatchObject({
        self_registered: 1,
        certificate_expired: 1,
        booted: 0,
      });
      expect(await stations.recordExpiry(pinned, false)).toBe(pinned);
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

    it("takes passwords of 16 to 64 characters, and shorter ones only where the configuration says so (A00.FR.205)", async () => {
      await stations.add("A", { password: "x".repeat(16) });
      await stations.setPassword("A", "ü".repeat(64));
      for (const password of ["x".repeat(15), "ü".repeat(8), "", "x".repeat(65)]) {
        const refusal = {
          name: "InvalidRequestError",
          message: expect.stringContaining("16 to 64 characters") as unknown,
        };
        await expect(stations.add("B", { password })).rejects.toMatchObject(refusal);
        await expect(stations.setPassword("A", password)).rejects.toMatchObject(refusal);
      }
      // What a station is sent by a command of the operator's own is for the station to judge.
      await stations.stagePassword("A", "x");
      await stations.settlePassword("A", false);
      expect(await stations.get("B")).toBeUndefined();
      const infrastructure = testInfrastructure(store, {
        clock,
        configuration: { stations: { passwords: { minLength: 8 } } },
      });
      const lenient = createStationRegistry(infrastructure, createSystemLog(infrastructure));
      await lenient.add("OLD", { password: "x".repeat(8) });
      await expect(lenient.add("B", { password: "x".repeat(7) })).rejects.toThrow("8 to 64 characters");
      // Who has a short one from before keeps it.
      const row = await stations.get("OLD");
      if (row === undefined) throw new Error("The station is missing");
      expect(await stations.verifyPassword(row, Buffer.from("x".repeat(8)), { remoteAddress: "10.0.0.1" })).toBe(true);
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
      const infrastructure = testInfrastructure(store, { clock });
      const next = createStationRegistry(infrastructure, createSystemLog(infrastructure));
      await next.forgetConnections();
      expect((await next.get("A"))?.connected).toBe(0);
    });

    it("accepts two passwords until one is settled", async () => {
      await stations.add("A", { password: "first-password-1" });
      const is = async (password: string): Promise<boolean> => {
        const row = await stations.get("A");
        return row !== undefined && stations.verifyPassword(row, Buffer.from(password), { remoteAddress: "10.0.0.1" });
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
        return row !== undefined && stations.verifyPassword(row, Buffer.from(password), { remoteAddress: "10.0.0.1" });
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

    describe("unknown stations", () => {
      /** The same database with other settings. */
      const reopen = (configuration: object): StationRegistry => {
        const infrastructure = testInfrastructure(store, { clock, configuration });
        infrastructure.events.subscribe((event) => {
          if (event.kind !== "system.log") events.push(event);
        });
        return createStationRegistry(infrastructure, createSystemLog(infrastructure));
      };
      const refused = () => events.filter(({ kind }) => kind === "station.refused");

      it("that are unknown are counted by name, and forgotten when they are dismissed or entered", async () => {
        stations.noteUnknown("A", "10.0.0.9", ["ocpp1.6", "ocpp2.0.1"]);
        stations.noteUnknown("A", "10.0.0.10", []);
        stations.noteUnknown("B", "10.0.0.9", []);
        expect((await stations.unknown()).find(({ identity }) => identity === "A")).toMatchObject({
          attempts: 2,
          remote_address: "10.0.0.10",
          subprotocols: "",
        });
        stations.noteUnknown("A", "10.0.0.9", []);
        await stations.flushUnknown();
        expect((await stations.unknown()).find(({ identity }) => identity === "A")?.attempts).toBe(3);
        expect(await stations.dismissUnknown("A")).toBe(true);
        expect(await stations.dismissUnknown("A")).toBe(false);
        stations.noteUnknown("B", "10.0.0.9", []);
        await stations.add("B", {});
        expect(await stations.unknown()).toEqual([]);
      });

      it("are kept in a bounded number: an address with many names loses its oldest, others keep theirs", async () => {
        const few = reopen({ stations: { unknownLimit: 20 } });
        for (const id of ["HONEST-1", "HONEST-2"]) few.noteUnknown(id, "10.0.0.1", []);
        await few.flushUnknown();
        for (let index = 0; index < 5_000; index += 1) {
          few.noteUnknown(`MADE-UP-${index}`, "10.0.0.9", []);
          if (index % 50 === 0) await few.flushUnknown();
          if (index % 500 === 0) await clock.advance(1);
        }
        const names = (await few.unknown()).map(({ identity }) => identity);
        expect(names).toHaveLength(20);
        expect(names).toEqual(expect.arrayContaining(["HONEST-1", "HONEST-2"]));
        // The next process knows what is there.
        await clock.advance(1);
        const next = reopen({ stations: { unknownLimit: 5 } });
        next.noteUnknown("LATER", "10.0.0.2", []);
        expect((await next.unknown()).map(({ identity }) => identity)).toContain("LATER");
        expect((await store.reader.selectFrom("knocks").select("identity").execute()).length).toBeLessThanOrEqual(20);
      });

      it("make few events, each with the number of those that there are none of", async () => {
        const few = reopen({ stations: { unknownEvents: 3 } });
        for (let index = 0; index < 500; index += 1)
          few.noteUnknown(`MADE-UP-${index}`, `10.0.${index}.9`, ["ocpp1.6"]);
        await few.flushUnknown();
        await expect.poll(refused).toHaveLength(3);
        await clock.advance(60_000);
        few.noteUnknown("LATER", "10.0.0.9", ["ocpp1.6"]);
        few.noteUnknown("LATER", "10.0.0.9", ["ocpp1.6"]);
        await few.flushUnknown();
        await expect.poll(refused).toHaveLength(4);
        expect(refused().at(-1)).toMatchObject({
          stationId: "LATER",
          data: { remoteAddress: "10.0.0.9", subprotocols: ["ocpp1.6"] },
        });
        const suppressed = refused().map(({ data }) => (data as { suppressed: number }).suppressed);
        expect(suppressed.reduce((sum, count) => sum + count)).toBe(498);
        await few.close();
        await store.write(store.reader.deleteFrom("knocks").where("identity", "=", ""));
        const lines = await store.reader.selectFrom("logs").select("message").execute();
        expect(lines.map(({ message }) => message).join()).toMatch(
          /\d+ more connections of unknown stations were refused/,
        );
      });

      const pending = { registration: "Pending" } as const;
      const from = (remoteAddress: string) => ({ remoteAddress });

      it("are taken in at a limited rate, half of them from one address", async () => {
        const slow = reopen({ stations: { unknown: "pending", unknownRate: 60 } });
        const taken = async (address: string, count: number): Promise<number> => {
          const ids = Array.from({ length: count }, (_none, index) => `${address}-${clock.now()}-${index}`);
          const results = await Promise.allSettled(ids.map((id) => slow.selfRegister(id, pending, from(address))));
          for (const result of results) {
            if (result.status === "rejected") expect(result.reason).toBeInstanceOf(RateLimitError);
          }
          return results.filter(({ status }) => status === "fulfilled").length;
        };
        expect(await taken("10.0.0.1", 100)).toBe(30);
        expect(await taken("10.0.0.2", 100)).toBe(30);
        expect(await taken("10.0.0.3", 100)).toBe(0);
        await clock.advance(600_000);
        expect(await taken("10.0.0.3", 100)).toBe(10);
      });

      it("that were taken in make room for others, but those that are connected, were accepted or changed", async () => {
        const few = reopen({ stations: { unknown: "pending", unknownLimit: 10, unknownEvents: 1_000 } });
        const enter = (id: string) => few.selfRegister(id, pending, from("10.0.0.1"));
        for (let index = 0; index < 10; index += 1) {
          await clock.advance(1);
          await enter(`S${index}`);
        }
        await few.connected("S0", facts);
        await few.boot("S1", { vendor: "V", model: "M" });
        await few.change("S2", { note: "by the door" });
        // The limit is reached: the oldest goes that was neither connected nor booted nor changed.
        for (const id of ["T0", "T1"]) await enter(id);
        const ids = async () => (await store.reader.selectFrom("stations").select("id").execute()).map(({ id }) => id);
        expect(await ids()).toEqual(expect.arrayContaining(["S0", "S1", "S2", "T0", "T1"]));
        expect(await ids()).not.toContain("S3");
        for (let index = 0; index < 50; index += 1) {
          await clock.advance(1);
          await enter(`U${index}`);
        }
        expect(await ids()).toEqual(expect.arrayContaining(["S0", "S2", "U49"]));
        expect((await ids()).length).toBeLessThanOrEqual(12);
        await expect.poll(() => events.filter(({ kind }) => kind === "station.removed").length).toBeGreaterThan(40);
      });

      it("are not taken in where all that there are are connected", async () => {
        const few = reopen({ stations: { unknown: "pending", unknownLimit: 2 } });
        for (const id of ["A", "B"]) {
          await few.selfRegister(id, pending, from("10.0.0.1"));
          await few.connected(id, facts);
        }
        await expect(few.selfRegister("C", pending, from("10.0.0.1"))).rejects.toMatchObject({
          name: "RateLimitError",
          retryAfter: 60,
        });
        await few.disconnected("A", { code: 1000, reason: "" });
        await few.selfRegister("C", pending, from("10.0.0.1"));
        expect(await store.reader.selectFrom("stations").select("id").orderBy("id").execute()).toEqual([
          { id: "B" },
          { id: "C" },
        ]);
      });

      it("that were taken in may connect so often, until somebody has accepted or changed them", async () => {
        const few = reopen({ stations: { unknown: "pending" } });
        const row = await few.selfRegister("A", pending, from("10.0.0.1"));
        for (let index = 0; index < 5; index += 1) few.checkConnection(row);
        expect(() => few.checkConnection(row)).toThrow(RateLimitError);
        const changed = await few.change("A", { registration: "Accepted" });
        for (let index = 0; index < 50; index += 1) few.checkConnection(changed);
      });

      it("that were taken in make few events, until somebody has changed them", async () => {
        const few = reopen({ stations: { unknown: "pending", unknownEvents: 3 } });
        for (const id of ["A", "B", "C"]) await few.selfRegister(id, pending, from("10.0.0.1"));
        for (const id of ["A", "B", "C"]) await few.connected(id, facts);
        await few.boot("A", { vendor: "V", model: "M" });
        await few.disconnected("B", { code: 1000, reason: "" });
        await few.change("A", { registration: "Accepted" });
        await few.boot("A", { vendor: "V", model: "M" });
        const told = () => events.map(({ kind, stationId }) => `${kind} ${stationId}`);
        await expect.poll(() => told().at(-1)).toBe("station.booted A");
        expect(told()).toEqual([
          ...["A", "B", "C"].map((id) => `station.registered ${id}`),
          "station.changed A",
          "station.booted A",
        ]);
      });

      it("that boot and are Accepted at once are stations as others", async () => {
        const open = reopen({ stations: { unknown: "accept" } });
        await open.selfRegister("A", { registration: "Accepted" }, from("10.0.0.1"));
        expect(await open.get("A")).toMatchObject({ self_registered: 1 });
        await open.boot("A", { vendor: "V", model: "M" });
        expect(await open.get("A")).toMatchObject({ self_registered: 0, booted: 1 });
      });

      it("go when they were not seen for long", async () => {
        const open = reopen({ stations: { unknown: "pending" } });
        for (const id of ["GONE", "HERE", "TOUCHED"]) await open.selfRegister(id, pending, from("10.0.0.1"));
        await open.change("TOUCHED", { note: "by the door" });
        open.noteUnknown("OLD", "10.0.0.1", []);
        await open.flushUnknown();
        await clock.advance(100_000);
        await open.connected("HERE", facts);
        open.noteUnknown("NEW", "10.0.0.1", []);
        await open.flushUnknown();
        expect(await open.expireUnknown(clock.now() - 50_000)).toEqual({ unknown: 1, stations: 1 });
        expect((await open.unknown()).map(({ identity }) => identity)).toEqual(["NEW"]);
        expect(await store.reader.selectFrom("stations").select("id").orderBy("id").execute()).toEqual([
          { id: "HERE" },
          { id: "TOUCHED" },
        ]);
      });
    });

    describe("passwords", () => {
      const key = Buffer.alloc(32, 7);
      const attempt = { remoteAddress: "10.0.0.1" };
      let checks: number;
      /** A process of its own over the database, with a key of the digests or without. */
      const process = (options: { readonly key?: Buffer | undefined; readonly configuration?: object } = {}) => {
        const infrastructure = testInfrastructure(store, { clock, configuration: options.configuration });
        const hashes = createPasswordHashes({
          ...("key" in options ? { key: options.key } : { key }),
          checked: () => {
            checks += 1;
          },
        });
        const registry = createStationRegistry(infrastructure, createSystemLog(infrastructure), hashes);
        const is = async (id: string, password: string, at = attempt): Promise<boolean> => {
          const row = await registry.get(id);
          if (row === undefined) throw new Error(`There is no ${id}`);
          return registry.verifyPassword(row, Buffer.from(password), at);
        };
        return { registry, is };
      };
      /** Waits for what was appended. */
      const settled = () => store.write(store.reader.deleteFrom("knocks").where("identity", "=", ""));
      beforeEach(() => {
        checks = 0;
      });

      it("that were entered or found right are checked quickly, also by the next process with the key", async () => {
        const one = process();
        await one.registry.add("A", { password: "password-of-a-no-1" });
        await one.registry.add("B", {});
        await one.registry.setPassword("B", "0123456789ABCDEF0123456789ABCDEF");
        expect(await one.is("A", "password-of-a-no-1")).toBe(true);
        const two = process();
        expect(await two.is("A", "password-of-a-no-1")).toBe(true);
        expect(await two.is("B", "0123456789abcdef0123456789abcdef")).toBe(true);
        expect(checks).toBe(0);
        expect(await two.is("A", "password-of-a-no-2")).toBe(false);
        expect(checks).toBe(0);
        // A quick no would tell which stations there are, where that is not to be told.
        const three = process({ configuration: { stations: { hideUnknown: true } } });
        expect(await three.is("A", "password-of-a-no-1")).toBe(true);
        expect(checks).toBe(0);
        expect(await three.is("A", "password-of-a-no-2")).toBe(false);
        expect(checks).toBe(1);
      });

      it("are checked slowly once without the key, or with another, and then quickly again", async () => {
        await process().registry.add("A", { password: "password-of-a-no-1" });
        for (const other of [undefined, Buffer.alloc(32, 8)]) {
          checks = 0;
          const next = process({ key: other });
          expect(await next.is("A", "password-of-a-no-1")).toBe(true);
          expect(await next.is("A", "password-of-a-no-1")).toBe(true);
          expect(checks).toBe(1);
          await settled();
        }
        expect(await process({ key: Buffer.alloc(32, 8) }).is("A", "password-of-a-no-1")).toBe(true);
        expect(checks).toBe(1);
      });

      it("have no digest in the database without a key, and none that says anything of the password", async () => {
        await process({ key: undefined }).registry.add("A", { password: "password-of-a-no-1" });
        expect((await stations.get("A"))?.password_digest).toBeNull();
        await process().registry.add("B", { password: "password-of-a-no-1" });
        await process().registry.add("C", { password: "password-of-a-no-1" });
        const [b, c] = [await stations.get("B"), await stations.get("C")];
        expect(b?.password_digest).toMatch(/^hmac\$[\w-]{12}\$[\w-]{43}$/);
        expect(b?.password_digest).not.toBe(c?.password_digest);
        // One of another station, or of another hash, is worth nothing.
        await store.write(
          store.reader
            .updateTable("stations")
            .set({ password_digest: b?.password_digest ?? "" })
            .where("id", "=", "C"),
        );
        checks = 0;
        expect(await process().is("C", "password-of-a-no-1")).toBe(true);
        expect(checks).toBe(1);
      });

      it("that were changed are right by no digest of the old one, whoever changed them", async () => {
        const one = process();
        await one.registry.add("A", { password: "password-of-a-no-1" });
        expect(await one.is("A", "password-of-a-no-1")).toBe(true);
        // By hand, as the CSMS never does.
        const row = await stations.get("A");
        const other = await createPasswordHashes().hash("A", "password-by-hand");
        await store.write(store.reader.updateTable("stations").set({ password_hash: other }).where("id", "=", "A"));
        expect(await process().is("A", "password-by-hand")).toBe(true);
        expect(await process().is("A", "password-of-a-no-1")).toBe(false);
        const { password_hash, password_digest } = row ?? {};
        await store.write(
          store.reader.updateTable("stations").set({ password_hash, password_digest }).where("id", "=", "A"),
        );
        await process().registry.setPassword("A", "password-of-a-no-2");
        expect(await one.is("A", "password-of-a-no-1")).toBe(false);
        expect(await one.is("A", "password-of-a-no-2")).toBe(true);
        await one.registry.stagePassword("A", "password-of-a-no-3");
        expect(await one.is("A", "password-of-a-no-3")).toBe(true);
        expect(await process().is("A", "password-of-a-no-2")).toBe(false);
        checks = 0;
        expect(await process().is("A", "password-of-a-no-3")).toBe(true);
        expect(checks).toBe(0);
        await one.registry.setPassword("A", null);
        expect(await stations.get("A")).toMatchObject({ password_hash: null, password_digest: null });
      });

      it("that are wrong are refused unchecked when there were too many, by pair and then by address", async () => {
        const limits = { stations: { passwords: { pairFailures: 3, addressFailures: 5 } } };
        const one = process({ configuration: limits });
        for (const id of ["A", "B", "C"]) await one.registry.add(id, { password: `the-password-of-${id}` });
        const elsewhere = { remoteAddress: "10.0.0.2" };
        for (let index = 0; index < 3; index += 1) expect(await one.is("A", `wrong-${index}`)).toBe(false);
        await expect(one.is("A", "wrong-4")).rejects.toMatchObject({ name: "RateLimitError", retryAfter: 20 });
        expect(await one.is("B", "wrong-1")).toBe(false);
        expect(await one.is("B", "wrong-2")).toBe(false);
        await expect(one.is("C", "wrong-1")).rejects.toMatchObject({ name: "RateLimitError", retryAfter: 12 });
        await expect(one.registry.refusePassword("NOBODY", Buffer.from("x"), attempt)).rejects.toThrow("Too many");
        expect(checks).toBe(0);
        // Right ones are let in all the same, and other addresses have failures of their own.
        for (const id of ["A", "B", "C"]) expect(await one.is(id, `the-password-of-${id}`)).toBe(true);
        expect(await one.is("A", "wrong-5", elsewhere)).toBe(false);
        await clock.advance(20_000);
        expect(await one.is("A", "wrong-6")).toBe(false);
        await expect(one.is("A", "wrong-7")).rejects.toThrow("Too many");
      });

      it("that are right never count, also where no digest knows them, and 0 switches the limits off", async () => {
        const one = process();
        for (let index = 0; index < 5; index += 1)
          await one.registry.add(`S${index}`, { password: `password-number-${index}-x` });
        const limits = { stations: { passwords: { pairFailures: 1, addressFailures: 1 } } };
        const two = process({ key: undefined, configuration: limits });
        for (let index = 0; index < 5; index += 1)
          expect(await two.is(`S${index}`, `password-number-${index}-x`)).toBe(true);
        expect(checks).toBe(5);
        const off = { stations: { passwords: { pairFailures: 0, addressFailures: 0 } } };
        const three = process({ configuration: off });
        for (let index = 0; index < 20; index += 1) expect(await three.is("S0", `wrong-${index}`)).toBe(false);
      });

      it("wait for nobody's failures where the station was at the address before and no digest knows its password", async () => {
        const one = process({ key: undefined });
        await one.registry.add("A", { password: "password-of-a-no-1" });
        await one.registry.connected("A", { ...facts, remoteAddress: "10.0.0.1" });
        const limits = { stations: { passwords: { pairFailures: 1, addressFailures: 1 } } };
        const two = process({ key: undefined, configuration: limits });
        for (let index = 0; index < 3; index += 1) expect(await two.is("A", `wrong-${index}`)).toBe(false);
        const elsewhere = { remoteAddress: "10.0.0.2" };
        expect(await two.is("A", "wrong-4", elsewhere)).toBe(false);
        await expect(two.is("A", "wrong-5", elsewhere)).rejects.toThrow("Too many");
        expect(await two.is("A", "password-of-a-no-1")).toBe(true);
        // Now its password is known, and wrong ones are somebody else's.
        expect(await two.is("A", "wrong-6")).toBe(false);
        await expect(two.is("A", "wrong-7")).rejects.toThrow("Too many");
        expect(await two.is("A", "password-of-a-no-1")).toBe(true);
      });

      it("of those who have hung up are not checked, and cost no failure", async () => {
        const limits = { stations: { passwords: { pairFailures: 0, addressFailures: 60 } } };
        await process().registry.add("A", { password: "password-of-a-no-1" });
        const one = process({ key: undefined, configuration: limits });
        const row = await one.registry.get("A");
        if (row === undefined) throw new Error("There is no A");
        const results = Array.from({ length: 50 }, (_none, index) => {
          const controller = new AbortController();
          const result = one.registry.verifyPassword(row, Buffer.from(`wrong-${index}`), {
            ...attempt,
            signal: controller.signal,
          });
          controller.abort(new Error("hung up"));
          return result;
        });
        for (const result of await Promise.allSettled(results)) {
          expect(result).toMatchObject({ status: "rejected", reason: { message: "hung up" } });
        }
        // One had begun already.
        expect(checks).toBeLessThanOrEqual(1);
        for (let index = 0; index < 30; index += 1) expect(await one.is("A", `wrong-${index}`)).toBe(false);
      });
    });
  });
}
