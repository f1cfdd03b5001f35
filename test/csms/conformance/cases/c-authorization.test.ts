/* Block C of part 6: authorisation. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import {
  blocked,
  enterTokens,
  expired,
  masterPass,
  type PlayedStation,
  stationSource,
  unknown,
  valid,
  valid2,
} from "../support/station-201.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: ReturnType<typeof stationSource>;
beforeAll(async () => {
  csms = await runCsms({ tokens: { masterPassGroupId: "MASTERPASS" } });
  await enterTokens(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

const group = { idTokenInfo: { status: "Accepted", groupIdToken: { idToken: "GROUP001", type: "Central" } } };
const master = { idTokenInfo: { status: "Accepted", groupIdToken: { idToken: "MASTERPASS" } } };
const statusOf = (response: Record<string, unknown>) => (response["idTokenInfo"] as { status: string }).status;

it("TC_C_02_CSMS a token that is not known", async () => {
  verifies("TC_C_02_CSMS", "C01.FR.07", "C04.FR.01");
  const cs = await station();
  expect(["Invalid", "Unknown"]).toContain(statusOf(await cs.say("Authorize", { idToken: unknown })));
  const keyCode = { idToken: "1234", type: "KeyCode" };
  expect(statusOf(await cs.say("Authorize", { idToken: keyCode }))).toBe("Invalid");
});

it("TC_C_06_CSMS a token that is blocked", async () => {
  verifies("TC_C_06_CSMS", "C01.FR.07");
  const cs = await station();
  expect(statusOf(await cs.say("Authorize", { idToken: blocked }))).toBe("Blocked");
});

it("TC_C_07_CSMS a token that has expired", async () => {
  verifies("TC_C_07_CSMS", "C01.FR.07");
  const cs = await station();
  expect(statusOf(await cs.say("Authorize", { idToken: expired }))).toBe("Expired");
});

it("TC_C_08_CSMS a cached token that is accepted", async () => {
  verifies("TC_C_08_CSMS", "C12.FR.03");
  const cs = await station();
  await cs.evConnectedPreSession();
  const response = await cs.event("Updated", "Authorized", { idToken: valid });
  expect(statusOf(response)).toBe("Accepted");
});

it("TC_C_20_CSMS a cached token that is not accepted: the transaction is kept all the same", async () => {
  verifies("TC_C_20_CSMS", "C12.FR.03", "E02.FR.04", "E05.FR.01");
  const cs = await station();
  await cs.evConnectedPreSession();
  const response = await cs.event("Updated", "Authorized", { idToken: unknown });
  expect(["Invalid", "Unknown"]).toContain(statusOf(response));
  expect(await cs.told()).toMatchObject({ complete: false, idToken: "NOBODY99" });
});

it.each([
  ["TC_C_37_CSMS", "Accepted"],
  ["TC_C_38_CSMS", "Rejected"],
])("%s the cache is cleared: %s", async (id, status) => {
  verifies("TC_C_37_CSMS", "TC_C_38_CSMS");
  const cs = await station();
  const asked = csms.operator.call(cs.identity, "ClearCache", {});
  expect((await cs.expect("ClearCache", { status })).payload, id).toEqual({});
  expect(await asked).toMatchObject({ status: 200, body: { result: { status } } });
});

it("TC_C_39_CSMS another token of the group may stop the transaction", async () => {
  verifies("TC_C_39_CSMS", "C09.FR.02", "C09.FR.03", "C09.FR.09", "C09.FR.10", "C09.FR.12", "C09.FR.13");
  verifies("C01.FR.06", "E01.FR.12");
  const cs = await station();
  await cs.evConnectedPreSession();
  expect(await cs.say("Authorize", { idToken: valid2 })).toMatchObject(group);
  expect(await cs.event("Updated", "Authorized", { idToken: valid })).toMatchObject(group);
  await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
  expect(await cs.say("Authorize", { idToken: valid2 })).toMatchObject(group);
  expect(await cs.event("Updated", "StopAuthorized", { idToken: valid2 })).toMatchObject(group);
  await cs.event("Ended", "EVCommunicationLost", { chargingState: "Idle", stoppedReason: "EVDisconnected" });
  expect(await cs.told()).toMatchObject({ complete: true, idToken: "VALID001" });
});

/** Charges at both EVSEs; gives the transactions' ids. */
async function chargeAtBoth(cs: PlayedStation): Promise<readonly [string, string]> {
  await cs.energyTransferStarted();
  const first = cs.transactionId;
  cs.nextTransaction();
  const evse = { id: 2, connectorId: 1 };
  await cs.event("Started", "Authorized", { idToken: valid2, evse, chargingState: "Charging" });
  return [first, cs.transactionId];
}

it("TC_C_47_CSMS the master pass stops all transactions", async () => {
  verifies("TC_C_47_CSMS", "C16.FR.01");
  const cs = await station();
  for (const transactionId of await chargeAtBoth(cs)) {
    expect(await cs.say("Authorize", { idToken: masterPass })).toMatchObject(master);
    cs.transactionId = transactionId;
    const parts = { idToken: masterPass, stoppedReason: "MasterPass", seqNo: 9 };
    expect(await cs.event("Ended", "StopAuthorized", parts)).toMatchObject(master);
    expect(await cs.told()).toMatchObject({ complete: true, stoppedReason: "MasterPass" });
  }
});

it("TC_C_48_CSMS the master pass stops one of two transactions", async () => {
  verifies("TC_C_48_CSMS", "C16.FR.01");
  const cs = await station();
  const [first] = await chargeAtBoth(cs);
  expect(await cs.say("Authorize", { idToken: masterPass })).toMatchObject(master);
  const parts = { idToken: masterPass, stoppedReason: "MasterPass" };
  expect(await cs.event("Ended", "StopAuthorized", parts)).toMatchObject(master);
  expect(await cs.told()).toMatchObject({ complete: true });
  cs.transactionId = first;
  expect(await cs.told()).toMatchObject({ complete: false });
});

it("TC_C_49_CSMS the master pass stops all, where the station has no user interface", async () => {
  verifies("TC_C_49_CSMS", "C16.FR.02");
  const cs = await station();
  const transactions = await chargeAtBoth(cs);
  expect(await cs.say("Authorize", { idToken: masterPass })).toMatchObject(master);
  for (const [index, transactionId] of transactions.entries()) {
    cs.transactionId = transactionId;
    const parts = { idToken: index === 0 ? valid : valid2, stoppedReason: "MasterPass", seqNo: 9 };
    expect(statusOf(await cs.event("Ended", "StopAuthorized", parts))).toBe("Accepted");
    expect(await cs.told()).toMatchObject({ complete: true, stoppedReason: "MasterPass" });
  }
});

it("lets a charge without authorisation through, and a key code that is known", async () => {
  verifies("C02.FR.02", "C04.FR.02");
  const cs = await station();
  const free = { idToken: { idToken: "", type: "NoAuthorization" } };
  expect(statusOf(await cs.event("Started", "Authorized", free))).toBe("Accepted");
  await csms.operator.put("/api/v1/tokens/246813", { type: "KeyCode" });
  const keyCode = { idToken: { idToken: "246813", type: "KeyCode" } };
  expect(statusOf(await cs.say("Authorize", keyCode))).toBe("Accepted");
});

it.each(["Local", "eMAID"])("says of a token of the type %s whether it is accepted, or why not", async (type) => {
  verifies("C06.FR.04", "C07.FR.04");
  const cs = await station();
  const ask = async (idToken: string) => statusOf(await cs.say("Authorize", { idToken: { idToken, type } }));
  await csms.operator.put(`/api/v1/tokens/KNOWN-${type}`, { type });
  await csms.operator.put(`/api/v1/tokens/BLOCKED-${type}`, { type, status: "Blocked" });
  expect(await ask(`KNOWN-${type}`)).toBe("Accepted");
  expect(await ask(`BLOCKED-${type}`)).toBe("Blocked");
  expect(await ask(`NOBODY-${type}`)).toBe("Unknown");
});

it("does not let charge with a contract certificate, which it cannot verify", async () => {
  verifies("C07.FR.17");
  const cs = await station();
  await csms.operator.put("/api/v1/tokens/DE8AA1A2B3C4D5", { type: "eMAID", groupId: "GROUP001" });
  const idToken = { idToken: "DE8AA1A2B3C4D5", type: "eMAID" };
  for (const certificate of ["-----BEGIN CERTIFICATE-----", "x"]) {
    expect(await cs.say("Authorize", { idToken, certificate })).toMatchObject({
      certificateStatus: "CertChainError",
      idTokenInfo: { status: "Invalid" },
    });
  }
});

it("names the EVSEs that a token is limited to, and refuses it elsewhere", async () => {
  verifies("C01.FR.19", "C01.FR.20", "C01.FR.22");
  const [cs, other] = [await station(), await station()];
  const idToken = { idToken: "LIMITED1", type: "ISO14443" };
  const limit = (...places: object[]) => csms.operator.put("/api/v1/tokens/LIMITED1", { restrictedTo: places });
  await limit({ stationId: cs.identity, evseId: 2 });
  expect(await cs.say("Authorize", { idToken })).toEqual({ idTokenInfo: { status: "Accepted", evseId: [2] } });
  expect(await other.say("Authorize", { idToken })).toEqual({ idTokenInfo: { status: "NotAtThisLocation" } });
  const evse = { id: 1, connectorId: 1 };
  expect(statusOf(await cs.event("Started", "Authorized", { idToken, evse }))).toBe("NotAtThisLocation");
  await limit({ stationId: cs.identity });
  expect(await cs.say("Authorize", { idToken })).toEqual({ idTokenInfo: { status: "Accepted" } });
});

it("takes a token of the same text and another type for another token", async () => {
  verifies("C01.FR.25");
  const cs = await station();
  expect(statusOf(await cs.say("Authorize", { idToken: valid }))).toBe("Accepted");
  expect(statusOf(await cs.say("Authorize", { idToken: { ...valid, type: "eMAID" } }))).toBe("Invalid");
});

it("slows down who tries key codes", async () => {
  verifies("C04.FR.06");
  const cs = await station();
  await csms.operator.put("/api/v1/tokens/975310", { type: "KeyCode" });
  const ask = async (idToken: string) => statusOf(await cs.say("Authorize", { idToken: { idToken, type: "KeyCode" } }));
  for (const wrong of ["1111", "2222", "3333"]) expect(await ask(wrong)).toBe("Invalid");
  expect(await ask("975310")).toBe("Accepted");
  // Enough of them in a row that the wait is longer than the test.
  for (let count = 1; count <= 4; count += 1) expect(await ask(`000${count}`)).toBe("Invalid");
  expect(await ask("975310")).toBe("Invalid");
  expect(statusOf(await cs.say("Authorize", { idToken: valid }))).toBe("Accepted");
  await expect.poll(() => ask("975310"), { timeout: 5_000 }).toBe("Accepted");
});
