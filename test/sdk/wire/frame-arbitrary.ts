import * as fc from "fast-check";
import type { Version } from "./version.ts";

/** Well-formed frames of each version, to start from. */
function seeds(version: Version): unknown[][] {
  const profile = { chargePointVendor: "v", chargePointModel: "m" };
  const boot = version === "1.6" ? profile : { reason: "PowerUp", chargingStation: { model: "m", vendorName: "v" } };
  return [
    [2, "a", "BootNotification", boot],
    [2, "b", "Heartbeat", {}],
    [2, "c", "DataTransfer", { vendorId: "v", data: "d" }],
    [2, "d", "GetLocalListVersion", {}],
    [2, "e", "Reset", { type: version === "1.6" ? "Soft" : "Immediate" }],
    [3, "own", { currentTime: "2026-01-01T00:00:00Z" }],
    [3, "f", { status: "Accepted" }],
    [4, "own", "GenericError", "", {}],
    [4, "g", "NotSupported", "text", {}],
    [5, "h", "FormatViolation", "", {}],
    [
      6,
      "i",
      "NotifyPeriodicEventStream",
      { id: 1, pending: 0, basetime: "2026-01-01T00:00:00Z", data: [{ t: 0, v: "1" }] },
    ],
  ];
}

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    "",
    -1,
    1e21,
    "-1",
    "__proto__",
    "constructor",
    [],
    {},
    [[]],
    "\ud800",
    2,
    3,
    4,
    5,
    6,
    7,
  ),
);

/** Changes one place of an array: an element exchanged, left out, put in or doubled. */
function changed(elements: readonly unknown[]): fc.Arbitrary<unknown[]> {
  return fc
    .tuple(fc.nat({ max: elements.length }), fc.constantFrom("exchange", "drop", "insert", "double"), oddValue)
    .map(([place, change, value]) => {
      const copy = [...elements];
      if (change === "exchange") copy.splice(place, 1, value);
      else if (change === "drop") copy.splice(place, 1);
      else if (change === "insert") copy.splice(place, 0, value);
      else copy.splice(place, 0, copy[place]);
      return copy;
    });
}

/** Changes the text of a frame: cut, a piece taken out, a piece put in. */
function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat({ max: text.length }), fc.nat({ max: 8 }), fc.string({ unit: "binary", maxLength: 4 }), fc.boolean())
    .map(([place, length, piece, cut]) =>
      cut ? text.slice(0, place) + piece : text.slice(0, place) + piece + text.slice(place + length),
    );
}

/** Any text that may come over the wire: noise, JSON, frames, frames with a fault or two, damaged frames. */
export function frameText(version: Version): fc.Arbitrary<string> {
  const seed = fc.constantFrom(...seeds(version));
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.json(),
    fc.array(oddValue, { maxLength: 6 }).map((elements) => JSON.stringify(elements)),
    seed.map((elements) => JSON.stringify(elements)),
    seed.chain(changed).map((elements) => JSON.stringify(elements)),
    seed
      .chain(changed)
      .chain(changed)
      .map((elements) => JSON.stringify(elements)),
    seed.chain((elements) => damaged(JSON.stringify(elements))),
  );
}
