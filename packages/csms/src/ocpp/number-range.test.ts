import { expect, it } from "vitest";
import { findRangeFault } from "./number-range.ts";

it("finds ids beyond 32 bits wherever they stand (2.0.1 part 2 §2.1.4)", () => {
  expect(findRangeFault({ connectorId: 2_147_483_647, evseId: -2_147_483_648 })).toBeUndefined();
  expect(findRangeFault({ connectorId: 2_147_483_648 })).toEqual({
    path: ["connectorId"],
    message: "must be a whole number from -2147483648 to 2147483647",
  });
  expect(findRangeFault({ evseId: -2_147_483_649 })?.path).toEqual(["evseId"]);
  expect(findRangeFault({ evse: { id: 1e300 } })?.path).toEqual(["evse", "id"]);
  expect(findRangeFault({ transactionInfo: { remoteStartId: 1e15 } })?.path).toEqual([
    "transactionInfo",
    "remoteStartId",
  ]);
  const events = [{ component: { evse: { id: 1 } } }, { component: { evse: { id: 1, connectorId: 1e15 } } }];
  expect(findRangeFault({ eventData: events })?.path).toEqual(["eventData", 1, "component", "evse", "connectorId"]);
});

it("lets sequence numbers, other numbers, and what vendors send pass", () => {
  expect(findRangeFault({ seqNo: 2 ** 40, meterStart: 1e12, chargingProfile: { id: 1e12 } })).toBeUndefined();
  expect(findRangeFault({ seqNo: 2 ** 60 })?.path).toEqual(["seqNo"]);
  expect(findRangeFault({ data: { connectorId: 1e300 }, customData: { evseId: 1e300 } })).toBeUndefined();
  expect(findRangeFault(null)).toBeUndefined();
});
