import { createHash } from "node:crypto";
import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { InvalidRequestError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import { createApiKeys } from "./api-keys.ts";

for (const database of databases) {
  describe(`API keys on ${database.name}`, () => {
    afterEach(() => database.remove());

    const start = async (configuration: object = {}) => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const infrastructure = testInfrastructure(store, { clock, configuration });
      return { clock, store, infrastructure, keys: await createApiKeys(infrastructure) };
    };

    it("tells a key once, keeps its hash only, and knows whose it is", async () => {
      const { keys, store } = await start();
      expect(await keys.any()).toBe(false);
      const { row, key } = await keys.add("dashboard", "viewer");
      expect(key).toMatch(/^ocpp_[\w-]{43}$/);
      expect(await keys.any()).toBe(true);
      expect(await keys.identify(key)).toEqual({ name: "dashboard", role: "viewer" });
      expect(row).toMatchObject({ hash: createHash("sha256").update(key).digest("hex"), prefix: key.slice(0, 9) });
      expect(JSON.stringify(await store.reader.selectFrom("api_keys").selectAll().execute())).not.toContain(
        key.slice(9),
      );
      for (const wrong of ["", "ocpp_", key.slice(0, -1), `${key}x`, key.toLowerCase(), row.hash]) {
        expect(await keys.identify(wrong)).toBeUndefined();
      }
    });

    it("answers from memory, also about wrong keys and while the database is away", async () => {
      const { keys, store, clock } = await start();
      const { key } = await keys.add("dashboard", "operator");
      const reads = vi.spyOn(store.reader, "selectFrom");
      for (let count = 0; count < 100; count += 1) {
        await keys.identify(key);
        await keys.identify(`ocpp_${count}`);
      }
      expect(reads).not.toHaveBeenCalled();
      reads.mockImplementation(() => {
        throw new Error("away");
      });
      await clock.advance(60_000);
      expect(await keys.identify(key)).toEqual({ name: "dashboard", role: "operator" });
      expect(reads).toHaveBeenCalled();
      reads.mockRestore();
    });

    it("takes keys out of force when they are revoked or expire", async () => {
      const { keys, clock } = await start();
      const one = await keys.add("one", "admin");
      const two = await keys.add("two", "operator", clock.now() + 5_000);
      expect(await keys.revoke(one.row.id)).toBe(true);
      expect(await keys.revoke(one.row.id)).toBe(false);
      expect(await keys.revoke(1)).toBe(false);
      expect(await keys.identify(one.key)).toBeUndefined();
      expect(await keys.identify(two.key)).toEqual({ name: "two", role: "operator" });
      await clock.advance(5_000);
      expect(await keys.identify(two.key)).toBeUndefined();
      expect(await keys.any()).toBe(false);
      expect(await keys.list()).toMatchObject([{ name: "one", revoked_at: expect.any(Number) }, { name: "two" }]);
    });

    it("takes the key of the configuration for an admin's, and keeps it nowhere", async () => {
      const key = "correct horse battery staple";
      const { keys } = await start({ api: { key } });
      expect(await keys.any()).toBe(true);
      expect(await keys.identify(key)).toEqual({ name: "configuration", role: "admin" });
      expect(await keys.list()).toEqual([]);
    });

    it("notices within half a minute what another process has changed", async () => {
      const { keys, infrastructure, clock } = await start();
      const other = await createApiKeys(infrastructure);
      const { key, row } = await other.add("other", "viewer");
      expect(await keys.identify(key)).toBeUndefined();
      await clock.advance(30_000);
      expect(await keys.identify(key)).toEqual({ name: "other", role: "viewer" });
      await other.revoke(row.id);
      await clock.advance(30_000);
      expect(await keys.identify(key)).toBeUndefined();
    });

    it("notes when a key was used last, once a minute", async () => {
      const { keys, store, clock } = await start();
      const { key } = await keys.add("one", "viewer");
      const noted = async () => {
        await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
        return (await keys.list())[0]?.last_used_at;
      };
      expect(await noted()).toBeNull();
      const begun = clock.now();
      await keys.identify(key);
      await clock.advance(59_000);
      await keys.identify(key);
      expect(await noted()).toBe(begun);
      await clock.advance(1_000);
      await keys.identify(key);
      expect(await noted()).toBe(begun + 60_000);
    });

    it("refuses names that are none, and times that have passed", async () => {
      const { keys, clock } = await start();
      for (const name of ["", "x".repeat(101), "a\nb", "\u001b[31m"]) {
        await expect(keys.add(name, "viewer")).rejects.toThrow(InvalidRequestError);
      }
      await expect(keys.add("late", "viewer", clock.now())).rejects.toThrow("expiresAt");
      expect(await keys.list()).toEqual([]);
    });
  });
}
