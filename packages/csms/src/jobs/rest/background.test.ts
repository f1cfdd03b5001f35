import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("background services", () => {
  it("are listed, run on request, and have their runs kept", async () => {
    const services = (await bench.ask("GET", "/api/v1/background-services")).json as {
      name: string;
      description: string;
    }[];
    expect(services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["meter-collection", "offline-transactions", "retention"]),
    );
    const run = await bench.ask("POST", "/api/v1/background-services/reservation-expiry/run");
    expect([run.status, run.json]).toEqual([
      200,
      expect.objectContaining({ running: false, lastRun: expect.objectContaining({ outcome: "ok" }) as unknown }),
    ]);
    expect((await bench.ask("GET", "/api/v1/background-services/reservation-expiry/runs?limit=1")).json).toMatchObject([
      { outcome: "ok" },
    ]);
    expect((await bench.ask("POST", "/api/v1/background-services/nothing/run")).status).toBe(404);
    expect((await bench.ask("GET", "/api/v1/background-services/nothing/runs")).status).toBe(404);
  });
});
