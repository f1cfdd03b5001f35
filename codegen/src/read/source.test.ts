import { expect, it } from "vitest";
import { parseActions } from "./source.ts";

const row = { action: "Reset", from: "csms", block: "Core" };
const text = (...actions: unknown[]): string => JSON.stringify({ actions });

it("reads and sorts the rows", () => {
  expect(
    parseActions(text(row, { ...row, action: "Boot", letter: "B", send: true })).map(({ action }) => action),
  ).toEqual(["Boot", "Reset"]);
});

it.each([
  ["{}", /expected \{ "actions"/],
  [text("Reset"), /an action must be an object/],
  [text({ from: "csms" }), /an action needs a name and a block/],
  [text({ ...row, from: "cs" }), /Reset: from must be "station", "csms" or "both"/],
  [text({ ...row, letter: 1 }), /Reset: letter must be a string/],
  [text({ ...row, send: "yes" }), /Reset: send must be a boolean/],
  [text(row, row), /Reset occurs twice/],
])("refuses %s", (actions, reason) => {
  expect(() => parseActions(actions)).toThrow(reason);
});
