import { expect, it } from "vitest";
import { constraintOf } from "./constraint.ts";
import type { FieldType } from "./model.ts";

const text: FieldType = { kind: "string", maxLength: 20 };
const number = (minimum?: number, maximum?: number): FieldType => ({ kind: "number", minimum, maximum });
const list = (items: FieldType, minItems?: number, maxItems?: number): FieldType => ({
  kind: "array",
  items,
  minItems,
  maxItems,
});

it.each<[FieldType, string | undefined]>([
  [text, "At most 20 characters."],
  [{ kind: "string", maxLength: undefined }, undefined],
  [{ kind: "date-time" }, "Date and time with zone (RFC 3339)."],
  [{ kind: "uri" }, "A URI."],
  [{ kind: "integer", minimum: 0, maximum: undefined }, "Whole number. At least 0."],
  [number(), undefined],
  [number(0, 100), "From 0 to 100."],
  [number(undefined, 3), "At most 3."],
  [{ kind: "multiple", of: 0.1 }, "A multiple of 0.1."],
  [{ kind: "boolean" }, undefined],
  [list(text), "Each at most 20 characters."],
  [list(text, 1), "At least 1 item, each at most 20 characters."],
  [list({ kind: "object", name: "X" }, 1, 4), "1 to 4 items."],
  [list({ kind: "object", name: "X" }, undefined, 4), "At most 4 items."],
  [list({ kind: "object", name: "X" }), undefined],
])("%j demands %j", (type, sentence) => {
  expect(constraintOf(type)).toBe(sentence);
});
