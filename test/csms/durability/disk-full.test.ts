import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectKept, expectTold } from "./audit.ts";
import { useCleanup } from "./cleanup.ts";
import { postgresDatabase, postgresMissing, sqliteDatabase, type TestDatabase, withClient } from "./database.ts";
import { startFleet } from "./fleet.ts";
import { pause } from "./pause.ts";
import { startProgram } from "./program.ts";
import { chanceOf, seedOf } from "./random.ts";
import { readiness } from "./readiness.ts";
import { giveTo, mountSmallDisk, type SmallDisk, smallDiskMissing } from "./small-disk.ts";

const cleanup = useCleanup();
const noDisk = smallDiskMissing();

/** A PostgreSQL database whose tables are on the disk. */
async function postgresOn(disk: SmallDisk): Promise<TestDatabase> {
  const folder = join(disk.folder, "tables");
  mkdirSync(folder);
  giveTo("postgres", disk.folder);
  giveTo("postgres", folder);
  const space = `ocpp_small_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  await withClient("postgres", (client) => client.query(`create tablespace ${space} location '${folder}'`));
  cleanup(() => withClient("postgres", (client) => client.query(`drop tablespace ${space}`)));
  return postgresDatabase(space);
}

const databases = [
  { name: "SQLite", open: (disk: SmallDisk) => sqliteDatabase(disk.folder), missing: noDisk },
  { name: "PostgreSQL", open: postgresOn, missing: noDisk ?? (await postgresMissing()) },
];

describe.each(databases)("a CSMS on $name whose disk is full", ({ name, open, missing }) => {
  it.skipIf(missing !== undefined)(
    `answers nothing that it does not keep, and goes on by itself when there is room${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const chance = chanceOf(seedOf(`disk full, ${name}`));
      const disk = mountSmallDisk(192);
      cleanup(() => disk.remove());
      const database = await open(disk);
      cleanup(() => database.remove());
      const started = startProgram(database.variables);
      cleanup(() => started.kill());
      const program = await started.ready;
      const fleet = startFleet({ size: 12, chance, url: () => program.webSocketUrl });
      cleanup(() => fleet.abandon());
      const { ledger } = fleet;
      await expect.poll(() => ledger.answered, { timeout: 20_000 }).toBeGreaterThan(200);

      disk.fill();
      await expect.poll(() => ledger.refused, { timeout: 20_000, interval: 10 }).toBeGreaterThan(20);
      await pause(1_000);
      const answered = ledger.answered;
      await pause(1_000);
      // What still fits into the last blocks may be answered; that is little.
      expect(ledger.answered - answered).toBeLessThan(200);
      expect(program.running).toBe(true);
      expect(await readiness(program.apiUrl)).toBeDefined();
      expect((await fetch(new URL("/health", program.apiUrl))).status).toBe(200);

      disk.free();
      const before = ledger.answered;
      await expect.poll(() => ledger.answered - before, { timeout: 20_000 }).toBeGreaterThan(200);
      await expect.poll(() => readiness(program.apiUrl), { timeout: 10_000 }).toBe(200);
      await fleet.finish();
      process.stdout.write(
        `disk full, ${name}: ${ledger.transactions.length} transactions, ${ledger.answered} answered, ${ledger.refused} refused (${[...ledger.codes].join(", ")})\n`,
      );
      await expectTold(program.apiUrl, ledger);
      expect(await program.stop()).toBe(0);
      await expectKept(database, ledger);
    },
    120_000,
  );
});
