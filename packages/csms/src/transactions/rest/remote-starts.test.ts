import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
  await bench.ask("PUT", "/api/v1/tokens/TAG1", {});
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("remote starts", () => {
  const list = async (query = ""): Promise<{ id: number; status: string; transaction: number | null }[]> =>
    (await bench.ask("GET", `/api/v1/remote-starts${query}`)).json as never;

  it("tell what became of each", async () => {
    const peer = await bench.station16("CP1", {
      RemoteStartTransaction: ({ connectorId }) => ({ status: connectorId === 1 ? "Accepted" : "Rejected" }),
    });
    for (const connectorId of [1, 2]) {
      await bench.ask("POST", "/api/v1/remote-starts", { stationId: "CP1", idToken: "TAG1", evseId: connectorId });
    }
    expect(await list()).toMatchObject([
      { stationId: "CP1", evseId: 2, idToken: "TAG1", status: "Refused", transaction: null },
      { stationId: "CP1", evseId: 1, idToken: "TAG1", status: "Pending", transaction: null },
    ]);
    const timestamp = new Date().toISOString();
    await peer.call("StartTransaction", { connectorId: 1, idTag: "TAG1", meterStart: 0, timestamp });
    await expect.poll(() => list("?stationId=CP1&status=Started")).toHaveLength(1);
    const [started] = await list("?status=Started");
    const [transaction] = (await bench.ask("GET", "/api/v1/transactions?stationId=CP1")).json as { id: number }[];
    expect(started?.transaction).toBe(transaction?.id);
    expect((await bench.ask("GET", `/api/v1/remote-starts/${started?.id}`)).json).toEqual(started);
    expect(await list("?stationId=CP2")).toEqual([]);
  });

  it("mask key codes (C04.FR.04)", async () => {
    await bench.station201("CP2", { RequestStartTransaction: () => ({ status: "Accepted" }) });
    await bench.ask("POST", "/api/v1/remote-starts", { stationId: "CP2", idToken: "1234", type: "KeyCode", evseId: 1 });
    expect(await list("?stationId=CP2")).toMatchObject([{ idToken: "***", idTokenType: "KeyCode" }]);
  });

  it("are refused where they cannot be meant", async () => {
    expect((await bench.ask("GET", "/api/v1/remote-starts?status=Lost")).status).toBe(400);
    expect((await bench.ask("GET", "/api/v1/remote-starts/2000000000")).status).toBe(404);
  });
});
