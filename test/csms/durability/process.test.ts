import { describe, expect, it } from "vitest";
import { expectKept, expectTold } from "./audit.ts";
import { useCleanup } from "./cleanup.ts";
import { postgresDatabase, postgresMissing, sqliteDatabase } from "./database.ts";
import { startFleet } from "./fleet.ts";
import { pause } from "./pause.ts";
import { type StartedProgram, startProgram } from "./program.ts";
import { chanceOf, seedOf } from "./random.ts";

const cleanup = useCleanup();

const databases = [
  { name: "SQLite", open: sqliteDatabase, missing: undefined },
  { name: "PostgreSQL", open: postgresDatabase, missing: await postgresMissing() },
];

describe.each(databases)("a CSMS on $name that is told to end under load", ({ name, open, missing }) => {
  it.skipIf(missing !== undefined)(
    `ends in time with 0, and keeps all that it answered${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const chance = chanceOf(seedOf(`SIGTERM on ${name}`));
      const database = await open();
      cleanup(() => database.remove());
      let program: StartedProgram | undefined;
      cleanup(() => program?.kill());
      let url: string | undefined;
      const fleet = startFleet({ size: 24, chance: chance.branch(), url: () => url });
      cleanup(() => fleet.abandon());
      const { ledger } = fleet;

      for (let round = 0; round < 3; round += 1) {
        program = startProgram(database.variables);
        const running = await program.ready;
        url = running.webSocketUrl;
        const before = ledger.answered;
        await expect.poll(() => ledger.answered - before, { timeout: 20_000, interval: 5 }).toBeGreaterThan(50);
        await pause(chance.between(0, 300));
        url = undefined;
        const asked = performance.now();
        expect(await running.stop()).toBe(0);
        expect(performance.now() - asked).toBeLessThan(10_000);
      }
      program = startProgram(database.variables);
      const last = await program.ready;
      url = last.webSocketUrl;
      await fleet.finish();
      await expectTold(last.apiUrl, ledger);
      expect(await last.stop()).toBe(0);
      await expectKept(database, ledger);
    },
    120_000,
  );
});

it("a second process on the same SQLite file is refused, and the first goes on", async () => {
  const database = await sqliteDatabase();
  cleanup(() => database.remove());
  const first = startProgram(database.variables);
  cleanup(() => first.kill());
  const running = await first.ready;
  const second = startProgram(database.variables);
  cleanup(() => second.kill());
  await expect(second.ready).rejects.toThrow(
    /ended with 1 before it was ready: .*ocpp\.db is in use: stop the process that has it open/,
  );
  expect((await fetch(new URL("/ready", running.apiUrl))).status).toBe(200);
  expect(await running.stop()).toBe(0);
});
