import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "./gateway.fixture.ts";

let running: TestGateway | undefined;

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const keys = ["A.a", "A.b", "A.c", "A.d", "A.e"];

/** A station of 2.0.1 that takes as many items as it likes, and notes how many came. */
async function open() {
  running = await testGateway();
  const { services } = running;
  await services.stations.add("CS001", {});
  const sizes: number[] = [];
  const peer = await running.station201("CS001", {
    GetVariables: ({ getVariableData }) => {
      sizes.push(getVariableData.length);
      const result = getVariableData.map(({ component, variable }) => ({
        component,
        variable,
        attributeStatus: "Accepted" as const,
        attributeValue: variable.name === "ItemsPerMessage" ? "2" : variable.name,
      }));
      return { getVariableResult: result as [(typeof result)[number]] };
    },
    SetVariables: ({ setVariableData }) => {
      sizes.push(setVariableData.length);
      const result = setVariableData.map(({ component, variable }) => ({
        component,
        variable,
        attributeStatus: "Accepted" as const,
      }));
      return { setVariableResult: result as [(typeof result)[number]] };
    },
  });
  await peer.call("BootNotification", {
    reason: "PowerUp",
    chargingStation: { vendorName: "Acme", model: "Duo" },
  });
  return { services, peer, sizes };
}

function setting(name: string): object {
  return { component: { name: "A" }, variable: { name }, attributeValue: "1" };
}

describe("messages with lists", () => {
  it("hold no more items than the station has reported (B05.FR.11, B06.FR.05)", async () => {
    const { services, peer, sizes } = await open();
    const reported = (instance: string, value: string) => ({
      component: { name: "DeviceDataCtrlr" },
      variable: { name: "ItemsPerMessage", instance },
      variableAttribute: [{ value }] as [{ value: string }],
    });
    await peer.call("NotifyReport", {
      requestId: 1,
      generatedAt: new Date().toISOString(),
      seqNo: 0,
      reportData: [reported("GetVariables", "4"), reported("SetVariables", "3")],
    });
    expect((await services.stations.get("CS001"))?.message_limits).toBe('{"GetVariables":4,"SetVariables":3}');

    const read = await services.operations.readConfiguration("CS001", keys, "test");
    expect(sizes).toEqual([4, 1]);
    expect(read).toMatchObject({ accepted: true, status: "Accepted" });
    const { getVariableResult } = read.response as { getVariableResult: { attributeValue: string }[] };
    expect(getVariableResult.map(({ attributeValue }) => attributeValue)).toEqual(["a", "b", "c", "d", "e"]);

    sizes.length = 0;
    const set = (count: number) =>
      services.commander.call(
        "CS001",
        "SetVariables",
        { setVariableData: ["a", "b", "c", "d"].slice(0, count).map(setting) },
        { requestedBy: "test" },
      );
    await expect(set(4)).rejects.toThrow(
      "setVariableData: the station takes 3 items in a message (DeviceDataCtrlr.ItemsPerMessage[SetVariables]), these are 4",
    );
    expect(await set(3)).toMatchObject({ state: "completed" });
    expect(sizes).toEqual([3]);
  });

  it("keep to a limit that was read by GetVariables, and to none where none is known", async () => {
    const { services, sizes } = await open();
    await services.operations.readConfiguration("CS001", keys, "test");
    expect(sizes).toEqual([5]);
    await services.commander.call(
      "CS001",
      "GetVariables",
      {
        getVariableData: [
          { component: { name: "DeviceDataCtrlr" }, variable: { name: "ItemsPerMessage", instance: "GetVariables" } },
        ],
      },
      { requestedBy: "test" },
    );
    sizes.length = 0;
    await services.operations.readConfiguration("CS001", keys, "test");
    expect(sizes).toEqual([2, 2, 1]);
  });
});
