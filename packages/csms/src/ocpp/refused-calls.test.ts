import { manualClock, OcppError } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { createSystemLog } from "../observability/system-log.ts";
import { databases } from "../store/store.fixture.ts";
import { createRefusedCalls } from "./refused-calls.ts";

const [database] = databases;
afterEach(() => database?.remove());

describe("refused calls", () => {
  it("are told of at once, and then once a minute for each station, and counted in the metrics", async () => {
    if (database === undefined) throw new Error("There is no database");
    const clock = manualClock();
    const store = await database.open({ clock });
    const infrastructure = testInfrastructure(store, { clock });
    const refused = createRefusedCalls({ ...infrastructure, systemLog: createSystemLog(infrastructure) });
    const refuse = (stationId: string, times: number): void => {
      for (let count = 0; count < times; count += 1) {
        const error = new OcppError("InternalError", "Too many calls: try again later");
        refused.add({ type: "refused-call", action: "MeterValues", messageId: String(count), error }, stationId);
      }
    };
    const lines = async (): Promise<string[]> => {
      await store.write(store.reader.deleteFrom("knocks"));
      const rows = await store.reader.selectFrom("logs").selectAll().orderBy("id").execute();
      return rows.map(({ station_id, message }) => `${station_id} ${message}`);
    };
    refuse("A", 5_000);
    refuse("B", 1);
    expect(await lines()).toEqual([
      "A MeterValues (0) was refused: InternalError: Too many calls: try again later",
      "B MeterValues (0) was refused: InternalError: Too many calls: try again later",
    ]);
    await clock.advance(60_000);
    const names = Array.from({ length: 20 }, (_none, index) => `MeterValues (${index + 1})`).join(", ");
    expect((await lines()).slice(2)).toEqual([`A 4999 more calls were refused within a minute: ${names}, …`]);
    refuse("A", 2);
    refused.close();
    expect((await lines()).slice(3)).toEqual([
      "A MeterValues (0) was refused: InternalError: Too many calls: try again later",
      "A 1 more call was refused within a minute: MeterValues (1)",
    ]);
    expect(clock.timers).toBe(0);
    expect(await infrastructure.metrics.text()).toContain("ocpp_calls_refused_total 5003");
  });
});
