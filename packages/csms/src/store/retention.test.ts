import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import { deleteOlder } from "./retention.ts";
import { databases } from "./store.fixture.ts";
import type { CommandRow } from "./tables/commands.ts";
import type { AgeingTable } from "./tables/description.ts";
import type { LogRow } from "./tables/observability.ts";

const start = Date.UTC(2026, 0, 1);

const logRow = (id: number, at: number): LogRow => ({
  id,
  station_id: "CS-1",
  at,
  level: "INFO",
  source: "System",
  message: "a line",
});

for (const database of databases) {
  describe(`retention on ${database.name}`, () => {
    afterEach(() => database.remove());

    it("deletes what is older, in pieces, and nothing else", async () => {
      const clock = manualClock({ start });
      const store = await database.open({ clock });
      for (let index = 0; index < 25; index += 1) {
        await store.write(store.reader.insertInto("logs").values(logRow(store.nextId(), clock.now())));
        await clock.advance(1_000);
      }
      expect(await deleteOlder(store, "logs", start + 17_000, { limit: 5 })).toBe(17);
      const left = await store.reader.selectFrom("logs").select("at").orderBy("id").execute();
      expect(left.map(({ at }) => (at - start) / 1_000)).toEqual([17, 18, 19, 20, 21, 22, 23, 24]);
      expect(await deleteOlder(store, "logs", clock.now(), { signal: AbortSignal.abort() })).toBe(0);
    });

    it("keeps commands that are under way", async () => {
      const clock = manualClock({ start });
      const store = await database.open({ clock });
      const command = (id: string, state: CommandRow["state"]) =>
        store.reader.insertInto("commands").values({
          id,
          seq: store.nextId(),
          station_id: "CS-1",
          action: "Reset",
          payload: "{}",
          state,
          result: null,
          error_code: null,
          error_description: null,
          job_id: null,
          requested_by: "test",
          created_at: start,
          deadline_at: start,
          sent_at: null,
          received_at: null,
          completed_at: null,
        });
      await store.write(command("a", "sent"), command("b", "completed"), command("c", "error"), command("d", "new"));
      expect(await deleteOlder(store, "commands", start + 1_000)).toBe(2);
      const left = await store.reader.selectFrom("commands").select("id").orderBy("id").execute();
      expect(left.map(({ id }) => id)).toEqual(["a", "d"]);
    });

    it("knows the columns of every table that ages", async () => {
      const store = await database.open();
      const tables: Readonly<Record<AgeingTable, true>> = {
        audit: true,
        background_runs: true,
        commands: true,
        deliveries: true,
        logs: true,
        remote_starts: true,
        security_events: true,
        statuses: true,
      };
      for (const table of Object.keys(tables) as AgeingTable[]) expect(await deleteOlder(store, table, start)).toBe(0);
    });
  });
}
