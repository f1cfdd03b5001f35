import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;
const get = (path: string): Promise<Answer> => bench.ask("GET", path);
const trigger = (name: string, action: string): Promise<Answer> =>
  bench.ask("POST", `/command/${name}/triggeraction/${action}`);
const asked: unknown[] = [];

beforeAll(async () => {
  bench = await contractBench();
  const TriggerMessage = (request: unknown): { status: "Accepted" } => {
    asked.push(request);
    return { status: "Accepted" };
  };
  await bench.station16("charger1", { TriggerMessage });
  await bench.station201("charger2", { TriggerMessage });
  await bench.csms.services.stations.add("offline", { registration: "Pending", password: "never-told-password" });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("the status of a charger", () => {
  it("is told without its secrets", async () => {
    const { json } = await get("/charger/charger1/status");
    expect(json).toEqual({
      HeartBeatInterval: 60,
      AuthConnection: true,
      Connected: true,
      RemoteIP: expect.stringContaining("127.0.0.1"),
    });
    const offline = await get("/charger/offline/status");
    expect(offline.json).toEqual({ HeartBeatInterval: 60, AuthConnection: false, Connected: false, RemoteIP: "" });
    expect(offline.text).not.toContain("never-told");
  });

  it("is a 404 of an unknown one, and a 400 of none", async () => {
    expect((await get("/charger/nobody/status")).status).toBe(404);
    expect((await get("/charger//status")).status).toBe(400);
  });
});

describe("asking for a message", () => {
  it("answers at once with a reference, by which the message is followed", async () => {
    const { status, json } = await trigger("charger1", "Heartbeat");
    expect(status).toBe(200);
    expect(json).toEqual({ status: "success", reference: expect.any(String), description: "" });
    const { reference } = json as { reference: string };
    const look = async (): Promise<unknown> => (await get(`/message/${reference}/status`)).json;
    await expect.poll(look).toMatchObject({ Action: "TriggerMessage", Status: 4 });
    expect(await look()).toMatchObject({ Sent: expect.stringMatching(/Z$/), Received: expect.stringMatching(/Z$/) });
    expect(asked.at(-1)).toEqual({ requestedMessage: "Heartbeat" });
  });

  it("waits for a charger that is offline", async () => {
    await bench.csms.services.stations.add("later", { registration: "Accepted" });
    const { json } = await trigger("later", "StatusNotification");
    const { reference } = json as { reference: string };
    expect((await get(`/message/${reference}/status`)).json).toMatchObject({ Status: 1, Sent: null });
    await bench.station16("later", { TriggerMessage: () => ({ status: "Rejected" }) });
    await expect.poll(async () => (await get(`/message/${reference}/status`)).json).toMatchObject({ Status: 4 });
  });

  it("puts it into the words of the version", async () => {
    await trigger("charger2", "DiagnosticsStatusNotification");
    await expect.poll(() => asked.at(-1)).toEqual({ requestedMessage: "LogStatusNotification" });
  });

  it("refuses what it does not know", async () => {
    expect((await trigger("charger1", "Nothing")).json).toMatchObject({
      status: 400,
      errors: [{ in: "path", field: "action" }],
    });
    expect((await trigger("nobody", "Heartbeat")).json).toMatchObject({
      status: 400,
      errors: [{ in: "path", field: "name" }],
    });
    expect((await get("/command/charger1/triggeraction/Heartbeat")).status).toBe(405);
  });
});

it("a message that there is not is a 404, and not a success", async () => {
  expect((await get("/message/nothing/status")).status).toBe(404);
});
