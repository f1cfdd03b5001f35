import { describe, expect, it } from "vitest";
import { expectKept, expectTold } from "./audit.ts";
import { useCleanup } from "./cleanup.ts";
import { postgresDatabase, postgresMissing, sqliteDatabase } from "./database.ts";
import { startFleet } from "./fleet.ts";
import { pause } from "./pause.ts";
import { type StartedProgram, startProgram } from "./program.ts";
import { chanceOf, seedOf } from "./random.ts";

/** How often the process is killed on each database: 4 times, or what `OCPP_DURABILITY_KILLS` says. */
const kills = Number(process.env["OCPP_DURABILITY_KILLS"] ?? 4);
const stationCount = 24;

const noPostgres = await postgresMissing();
const databases = [
  { name: "SQLite", open: sqliteDatabase, missing: undefined },
  { name: "PostgreSQL", open: postgresDatabase, missing: noPostgres },
];

const cleanup = useCleanup();

describe.each(databases)("a CSMS on $name that is killed again and again under load", ({ name, open, missing }) => {
  it.skipIf(missing !== undefined)(
    `has every message that it answered once, and no other, after ${kills} kills${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const chance = chanceOf(seedOf(`kills on ${name}`));
      const database = await open();
      cleanup(() => database.remove());
      let program: StartedProgram | undefined;
      cleanup(() => program?.kill());
      let url: string | undefined;
      const fleet = startFleet({ size: stationCount, chance: chance.branch(), url: () => url });
      cleanup(() => fleet.abandon());
      const { ledger } = fleet;

      let early = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        program = startProgram(database.variables);
        if (chance.next() < 0.15) {
          // While it starts, when it looks at what the last kill left behind.
          early += 1;
          await pause(chance.between(0, 1_000));
        } else {
          ({ webSocketUrl: url } = await program.ready);
          const before = ledger.answered;
          // Only what interrupts something counts: some stations must be under way again.
          await expect.poll(() => ledger.answered - before, { timeout: 20_000, interval: 5 }).toBeGreaterThan(5);
          await pause(chance.between(0, 1_500));
        }
        url = undefined;
        await program.kill();
      }
      program = startProgram(database.variables);
      const last = await program.ready;
      url = last.webSocketUrl;
      await fleet.finish();

      process.stdout.write(
        `kills on ${name}: ${kills} kills (${early} of them during the start), ${ledger.transactions.length} transactions, ${ledger.answered} messages answered, ${ledger.repeated} repeated, ${ledger.refused} refused\n`,
      );
      expect(ledger.repeated).toBeGreaterThan(0);
      expect([...ledger.codes]).toEqual([]);
      await expectTold(last.apiUrl, ledger);
      expect(await last.stop()).toBe(0);
      await expectKept(database, ledger);
    },
    60_000 + kills * 15_000,
  );
});
