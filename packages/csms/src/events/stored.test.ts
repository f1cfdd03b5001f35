import * as fc from "fast-check";
import { expect, it } from "vitest";
import { storedEventData } from "./stored.ts";

it.each([
  [
    "transaction.ended",
    { id: 1, startedAt: 0, stoppedAt: 86_400_000, stopReason: "Local", register: 5, complete: true },
    {
      id: 1,
      startedAt: "1970-01-01T00:00:00.000Z",
      stoppedAt: "1970-01-02T00:00:00.000Z",
      stoppedReason: "Local",
      meterLatest: 5,
      complete: true,
    },
  ],
  ["token.changed", { token: "T", created: true }, { idToken: "T", created: true }],
  ["token.erased", { pseudonym: "P", counts: { tokens: 1 } }, { pseudonym: "P", changed: { tokens: 1 } }],
  ["station.booted", { status: "Accepted", vendor: "A" }, { registration: "Accepted", vendor: "A" }],
  [
    "station.refused",
    { remoteAddress: "::1", subprotocols: "ocpp1.6, ocpp2.0.1", suppressed: 0 },
    { remoteAddress: "::1", subprotocols: ["ocpp1.6", "ocpp2.0.1"], suppressed: 0 },
  ],
  ["station.refused", { subprotocols: "" }, { subprotocols: [] }],
  ["connector.status", { status: "A", timestamp: "2026" }, { status: "A", statusTime: "2026" }],
  [
    "command.failed",
    { id: "1", code: "Timeout", description: "d" },
    { id: "1", errorCode: "Timeout", errorDescription: "d" },
  ],
  [
    "background.finished",
    { startedAt: 0, finishedAt: null },
    { startedAt: "1970-01-01T00:00:00.000Z", finishedAt: null },
  ],
])("data of %s that was stored before is read in the words of today", (kind, before, now) => {
  expect(JSON.parse(storedEventData(kind, JSON.stringify(before)))).toEqual(now);
  expect(storedEventData(kind, JSON.stringify(now))).toBe(JSON.stringify(now));
});

it("data of other kinds, and texts that look like names, stay as they are", () => {
  const data = JSON.stringify({ code: 1000, reason: "", status: "x", token: "y" });
  expect(storedEventData("station.disconnected", data)).toBe(data);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const tricky = JSON.stringify({ idToken: `${text}"token":`, created: true });
      expect(JSON.parse(storedEventData("token.changed", tricky))).toEqual(JSON.parse(tricky));
    }),
  );
});
