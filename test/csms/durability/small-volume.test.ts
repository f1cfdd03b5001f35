import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useCleanup } from "./cleanup.ts";
import { sqliteDatabase } from "./database.ts";
import { startFleet } from "./fleet.ts";
import { startProgram } from "./program.ts";
import { chanceOf, seedOf } from "./random.ts";
import { mountSmallDisk, smallDiskMissing } from "./small-disk.ts";

const cleanup = useCleanup();
const missing = smallDiskMissing();

/** What a dashboard asks for again and again. */
const lists = [
  "/api/v1/transactions?limit=1000",
  "/api/v1/events?limit=1000",
  "/api/v1/messages?text=nowhere",
  "/api/v1/logs",
];

describe("a CSMS on SQLite with a volume of 40 MB", () => {
  it.skipIf(missing !== undefined)(
    `writes far more than that through its log while lists are read, and refuses nothing${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const disk = mountSmallDisk(40);
      cleanup(() => disk.remove());
      const database = await sqliteDatabase(disk.folder);
      const started = startProgram(database.variables);
      cleanup(() => started.kill());
      const program = await started.ready;
      const fleet = startFleet({ size: 40, chance: chanceOf(seedOf("small volume")), url: () => program.webSocketUrl });
      cleanup(() => fleet.abandon());
      const read = new AbortController();
      const readAgain = async (path: string): Promise<void> => {
        while (!read.signal.aborted) {
          const response = await fetch(new URL(path, program.apiUrl));
          expect(response.status).toBe(200);
          await response.arrayBuffer();
        }
      };
      const readers = Promise.all(lists.map(readAgain));

      let log = 0;
      const watch = setInterval(() => {
        const names = readdirSync(disk.folder, { recursive: true, encoding: "utf8" });
        const name = names.find((one) => one.endsWith("-wal"));
        if (name !== undefined) log = Math.max(log, statSync(join(disk.folder, name)).size);
      }, 20);
      cleanup(() => clearInterval(watch));
      // Each answer is 20 KB or more of the log.
      await expect.poll(() => fleet.ledger.answered + fleet.ledger.refused, { timeout: 90_000 }).toBeGreaterThan(3_000);
      read.abort();
      await readers;
      expect(fleet.ledger.refused).toBe(0);
      expect(log).toBeGreaterThan(1_000_000);
      expect(log).toBeLessThan(24_000_000);
      process.stdout.write(`small volume: ${fleet.ledger.answered} answered, the log had ${log} bytes at most\n`);
    },
    120_000,
  );
});
