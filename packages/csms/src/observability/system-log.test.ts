import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { toldBy } from "../transactions/recorder.fixture.ts";
import { createSystemLog } from "./system-log.ts";

for (const database of databases) {
  describe(`the system log on ${database.name}`, () => {
    let store: Store;

    beforeAll(async () => {
      store = await database.open();
    });

    afterAll(() => database.remove());

    it("keeps lines and tells of them, without what would break one", async () => {
      const infrastructure = testInfrastructure(store);
      const events: CsmsEvent[] = [];
      infrastructure.events.subscribe((event) => events.push(event));
      const log = createSystemLog(infrastructure);
      log.write("INFO", "System", "The station is there", "CS001");
      log.write("ERROR", "Admin", "one\ntwo\u0000\u001b[31m\u202eevil\u2028\ud800");
      log.write("WARNING", "API", "x".repeat(5000));
      await toldBy(store, events);
      const rows = await store.reader.selectFrom("logs").selectAll().orderBy("id").execute();
      expect(rows.map(({ station_id, level, source, message }) => [station_id, level, source, message])).toEqual([
        ["CS001", "INFO", "System", "The station is there"],
        [null, "ERROR", "Admin", "one\ufffdtwo\ufffd\ufffd[31m\ufffdevil\ufffd\ufffd"],
        [null, "WARNING", "API", `${"x".repeat(1999)}…`],
      ]);
      expect(events[0]).toMatchObject({
        kind: "system.log",
        stationId: "CS001",
        data: { level: "INFO", message: "The station is there" },
      });
    });
  });
}
