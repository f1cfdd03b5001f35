import { getEventListeners } from "node:events";
import { afterEach, expect, it } from "vitest";
import { createBench } from "../../jobs/background.fixture.ts";
import { databases } from "../../store/store.fixture.ts";
import { askStations } from "./station-round.ts";

const [database] = databases;

afterEach(() => database?.remove());

it("leaves nothing behind on the signal of its schedule", async () => {
  if (database === undefined) throw new Error("There is no database to test on");
  const bench = await createBench(database);
  await bench.connect("CP1");
  const { signal } = new AbortController();
  const counts = await askStations(bench.services, new Map([["CP1", [{ message: "Heartbeat" }]]]), {
    by: { by: "test", automation: "afterBoot" },
    spacing: 100,
    signal,
  });
  expect([counts, bench.asked.length]).toEqual([{ asked: 1, accepted: 1 }, 1]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
