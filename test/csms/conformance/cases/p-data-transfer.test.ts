/* Block P of part 6: data transfer and custom data. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { enterTokens, stationSource } from "../support/station-201.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: ReturnType<typeof stationSource>;
beforeAll(async () => {
  csms = await runCsms();
  await enterTokens(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

it("TC_P_02_CSMS a vendor that the CSMS does not know", async () => {
  verifies("TC_P_02_CSMS", "P02.FR.06");
  const cs = await station();
  const transfer = { vendorId: "com.example.unknown", messageId: "anything", data: { any: ["thing"] } };
  expect(await cs.say("DataTransfer", transfer)).toMatchObject({ status: "UnknownVendorId" });
  expect(await cs.say("DataTransfer", { vendorId: "com.example.unknown" })).toMatchObject({
    status: "UnknownVendorId",
  });
});

it("answers UnknownMessageId for a message that a known vendor does not have", async () => {
  verifies("P02.FR.07");
  const done = csms.csms.services.dataTransfers.handle("com.example.known", "hello", () => ({ status: "Accepted" }));
  const cs = await station();
  const vendorId = "com.example.known";
  expect(await cs.say("DataTransfer", { vendorId, messageId: "hello" })).toMatchObject({ status: "Accepted" });
  expect(await cs.say("DataTransfer", { vendorId, messageId: "x" })).toMatchObject({ status: "UnknownMessageId" });
  done();
});

it("TC_P_03_CSMS custom data is taken and kept", async () => {
  verifies("TC_P_03_CSMS");
  const cs = await station();
  const customData = { vendorId: "com.example", flavour: { nested: [1, "two"] } };
  const status = { timestamp: new Date().toISOString(), connectorStatus: "Available", evseId: 1, connectorId: 1 };
  expect(await cs.say("StatusNotification", { ...status, customData })).toEqual({});
  await cs.event("Started", "CablePluggedIn", { evse: { id: 1, connectorId: 1 }, customData });
  const { id } = await cs.told();
  const events = await csms.operator.get(`/api/v1/transactions/${id}/events`);
  expect(JSON.stringify(events)).toContain('"flavour":{"nested":[1,"two"]}');
});
