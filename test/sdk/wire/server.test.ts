import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { casesOf, readCorpus } from "./corpus.ts";
import { connectStation, startWireServer, type WireServer } from "./served-station.ts";
import { type StrayErrors, watchStrayErrors } from "./stray-errors.ts";
import { tryFrame } from "./trial.ts";

const cases = casesOf(readCorpus())
  .filter(({ side }) => side === "csms")
  .map((trial, index) => ({ ...trial, identity: `station-${index}` }));

describe("a server, given a frame of the corpus over a WebSocket", () => {
  let wire: WireServer;
  let stray: StrayErrors;

  beforeAll(async () => {
    stray = watchStrayErrors();
    wire = await startWireServer();
  });

  afterAll(async () => {
    await wire.server.close({ timeout: 0 });
    stray.stop();
    expect(stray.errors).toEqual([]);
  });

  it.each(cases)("reacts as it must: $name", async (trial) => {
    const station = await connectStation(wire, trial.version, trial.identity);
    await tryFrame(trial, station);
    await station.end();
    expect(stray.errors).toEqual([]);
  });

  it("has no station left", () => {
    expect(wire.server.peers.size).toBe(0);
  });
});
