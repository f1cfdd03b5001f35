/* What the errata of OCPP 1.6 and OCPP-J 1.6 ask of a central system. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { boot, enterTags, now, type StationSource, start, stationSource, told } from "../support/station-1.6.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: StationSource;
beforeAll(async () => {
  csms = await runCsms();
  await enterTags(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

const connectorsOf = (identity: string) =>
  csms.operator.get<{ connectorId: number; status: string }[]>(`/api/v1/stations/${identity}/connectors`);

it("reads times with fractions and offsets as the instants that they are", async () => {
  verifies("1.6/errata/3.10");
  const cp = await station();
  const { transactionId } = await start(cp, "TAG1", { timestamp: "2026-11-24T14:00:00.123+01:00" });
  expect(await told(csms, transactionId)).toMatchObject({ startedAt: "2026-11-24T13:00:00.123Z" });
});

it("keeps a meter value with the transaction whose id it carries; a bare value is the register in Wh", async () => {
  verifies("1.6/errata/3.16", "1.6/MeterValues/defaults", "1.6/errata/3.84");
  const cp = await station();
  const first = await start(cp, "TAG1");
  const second = await start(cp, "TAG2", { connectorId: 2, meterStart: 50 });
  const sampledValue = [{ value: "4000" }, { value: "50.1", measurand: "Frequency" }];
  const { transactionId } = first;
  await cp.say("MeterValues", { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue }] });
  expect(await told(csms, transactionId)).toMatchObject({ energy: 3000 });
  expect(await told(csms, second["transactionId"])).not.toMatchObject({ energy: 3000 });
});

it("takes every status after a boot, and the change from Preparing to Finishing", async () => {
  verifies("1.6/errata/3.20", "1.6/errata/3.22");
  const cp = await station();
  for (const [connectorId, status] of [
    [0, "Available"],
    [1, "Preparing"],
    [1, "Finishing"],
    [2, "Available"],
  ]) {
    expect(await cp.say("StatusNotification", { connectorId, status, errorCode: "NoError" })).toEqual({});
  }
  expect(await connectorsOf(cp.identity)).toMatchObject([{ status: "Finishing" }, { status: "Available" }]);
});

it.each([
  ["ClearCache", {}, { status: "Rejected" }],
  ["TriggerMessage", { requestedMessage: "Heartbeat" }, { status: "Rejected" }],
  ["UnlockConnector", { connectorId: 9 }, { status: "NotSupported" }],
] as const)("shows the refusal of %s", async (action, payload, answer) => {
  verifies("1.6/errata/3.23", "1.6/errata/3.35", "1.6/errata/3.85", "1.6/errata/4.15");
  const cp = await station();
  const asked = csms.operator.call(cp.identity, action, payload);
  await cp.expect(action, answer);
  expect(await asked).toMatchObject({ status: 200, body: { result: answer } });
});

it("ends a transaction by the StopTransaction that comes after a reset and the boot", async () => {
  verifies("1.6/errata/3.36", "1.6/errata/3.89");
  const cp = await station();
  const { transactionId } = await start(cp);
  await cp.say("BootNotification", boot);
  const value = (context: string, number: string) => ({ timestamp: now(), sampledValue: [{ value: number, context }] });
  const transactionData = [value("Transaction.Begin", "1000"), value("Transaction.End", "2000")];
  const stop = { transactionId, meterStop: 2_000, timestamp: now(), reason: "HardReset", transactionData };
  expect(await cp.say("StopTransaction", stop)).toEqual({});
  expect(await told(csms, transactionId)).toMatchObject({
    complete: true,
    stoppedReason: "HardReset",
    energy: 1000,
  });
});

it("triggers no BootNotification once it has accepted one", async () => {
  verifies("1.6/errata/3.40");
  const cp = await station();
  const answer = await csms.operator.call(cp.identity, "TriggerMessage", { requestedMessage: "BootNotification" });
  expect(answer.status).toBe(409);
  expect(cp.waiting.filter(({ payload }) => payload["requestedMessage"] === "BootNotification")).toEqual([]);
});

it("gives transaction ids that are unique over all stations, and positive", async () => {
  verifies("1.6/errata/3.54");
  const stations = [await station(), await station()];
  const ids: unknown[] = [];
  for (const cp of [...stations, ...stations]) {
    ids.push((await start(cp, "TAG1", { meterStart: ids.length }))["transactionId"]);
  }
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toBeGreaterThan(0);
});

it("takes texts up to their lengths, and spells its errors as 1.6 does", async () => {
  verifies("1.6/errata/3.58", "1.6J/errata/3.2", "1.6J/errata/5.1", "1.6J/errata/5.2");
  const cp = await station();
  const ask = (idTag: string) => cp.ask("Authorize", { idTag });
  expect(await ask("x".repeat(20))).toMatchObject({ result: { idTagInfo: { status: "Invalid" } } });
  expect(await ask("x".repeat(21))).toMatchObject({ error: "PropertyConstraintViolation" });
  expect(await cp.ask("Authorize", {})).toMatchObject({ error: "OccurenceConstraintViolation" });
  expect(await cp.ask("Authorize", { idTag: "a", surplus: 1 })).toMatchObject({ error: "FormationViolation" });
});

it("gives no end to a tag that has none, and tells tags apart without their case", async () => {
  verifies("1.6/errata/3.72", "1.6/errata/3.73", "1.6/Authorize/parentIdTag");
  const cp = await station();
  const told = await cp.say("Authorize", { idTag: "tAg1" });
  expect(told).toEqual({ idTagInfo: { status: "Accepted", parentIdTag: "FAMILY" } });
});

it("answers one station while another has not answered", async () => {
  verifies("1.6J/errata/3.4");
  const [silent, other] = [await station(), await station()];
  const first = csms.operator.call(silent.identity, "ClearCache", {});
  const waiting = await silent.expectUnanswered("ClearCache");
  const second = csms.operator.call(other.identity, "ClearCache", {});
  await other.expect("ClearCache", { status: "Accepted" });
  expect(await second).toMatchObject({ status: 200 });
  silent.answer(waiting, { status: "Accepted" });
  expect(await first).toMatchObject({ status: 200 });
});

it("sends AuthorizationKey in hexadecimal and never shows it", async () => {
  verifies("1.6J/errata/3.10");
  const cp = await station({ password: "an-old-password-123" }, false).catch(() => undefined);
  expect(cp).toBeUndefined();
  const plain = await station();
  const asked = csms.operator.request("PUT", `/api/v1/stations/${plain.identity}/password`, {
    password: "Sesame-open-12345",
    push: true,
  });
  const { payload } = await plain.expect("ChangeConfiguration", { status: "Accepted" });
  expect(payload["key"]).toBe("AuthorizationKey");
  expect(payload["value"]).toMatch(/^[0-9A-Fa-f]{32,40}$/);
  expect((await asked).status).toBeLessThan(300);
  const told = JSON.stringify(await csms.operator.get(`/api/raw-logs?chargePointId=${plain.identity}`));
  expect(told).toContain("AuthorizationKey");
  expect(told).not.toContain(String(payload["value"]));
});

it("gives the parent tag to who authorizes at a connector that is reserved", async () => {
  verifies("1.6/errata/4.12");
  const cp = await station();
  const asked = csms.operator.post("/api/v1/reservations", {
    stationId: cp.identity,
    idToken: "TAG1",
    evseId: 1,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const { payload } = await cp.expect("ReserveNow", { status: "Accepted" });
  expect(payload).toMatchObject({ connectorId: 1, idTag: "TAG1", parentIdTag: "FAMILY" });
  await asked;
  expect(await cp.say("Authorize", { idTag: "TAG2" })).toMatchObject({ idTagInfo: { parentIdTag: "FAMILY" } });
});

it("sends a profile with a remote start that is for its transaction, and whose schedule is one", async () => {
  verifies("1.6/RemoteStartTransaction/profile", "1.6/errata/3.41", "1.6/errata/3.67");
  verifies("1.6/errata/3.45", "1.6/errata/3.56", "1.6/errata/3.69");
  const cp = await station();
  const chargingSchedule = { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
  const chargingProfile = {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxProfile",
    chargingProfileKind: "Relative",
    chargingSchedule,
  };
  const begin = (more: object) => ({ idTag: "TAG1", chargingProfile: { ...chargingProfile, ...more } });
  const asked = csms.operator.call(cp.identity, "RemoteStartTransaction", begin({}));
  expect((await cp.expect("RemoteStartTransaction", { status: "Accepted" })).payload).toEqual(begin({}));
  await asked;
  const late = { ...chargingSchedule, chargingSchedulePeriod: [{ startPeriod: 60, limit: 16 }] };
  for (const wrong of [
    { chargingProfilePurpose: "TxDefaultProfile" },
    { transactionId: 5 },
    { chargingSchedule: late },
    { recurrencyKind: "Daily" },
  ]) {
    const answer = await csms.operator.call(cp.identity, "RemoteStartTransaction", begin(wrong));
    expect(answer.status, JSON.stringify(wrong)).toBe(400);
    const csChargingProfiles = { ...chargingProfile, ...wrong };
    const set = { connectorId: 1, csChargingProfiles };
    const ofSchedule = "chargingSchedule" in wrong || "recurrencyKind" in wrong;
    if (ofSchedule)
      expect(await csms.operator.call(cp.identity, "SetChargingProfile", set)).toMatchObject({ status: 400 });
  }
  expect(cp.waiting).toEqual([]);
});
