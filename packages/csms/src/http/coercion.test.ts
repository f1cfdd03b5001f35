import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parameters } from "../shared/schema.ts";
import { coerce } from "./coercion.ts";

const schema = parameters({
  size: { type: "integer", default: 10 },
  part: { type: "number" },
  flag: { type: "boolean" },
  name: { type: "string" },
  names: { type: "array", items: { type: "string" } },
  sizes: { type: "array", items: { type: "integer" } },
});

it.each([
  [{}, { size: 10 }],
  [{ size: "5" }, { size: 5 }],
  [{ size: "-5" }, { size: -5 }],
  [{ size: "05" }, { size: "05" }],
  [{ size: "" }, { size: "" }],
  [{ size: "1e3" }, { size: "1e3" }],
  [{ size: ["1", "2"] }, { size: ["1", "2"] }],
  [{ part: "0.5" }, { part: 0.5 }],
  [{ flag: "true" }, { flag: true }],
  [{ flag: "false" }, { flag: false }],
  [{ flag: "1" }, { flag: "1" }],
  [{ name: "5" }, { name: "5" }],
  [{ names: "a,b" }, { names: ["a", "b"] }],
  [{ names: ["a", "b,c"] }, { names: ["a", "b", "c"] }],
  [{ names: "" }, { names: [] }],
  [{ sizes: "1,2,x" }, { sizes: [1, 2, "x"] }],
  [{ other: "1" }, { other: "1" }],
])("reads %j as %j", (given, expected) => {
  expect({ ...coerce(schema, given) }).toEqual({ size: 10, ...expected });
});

it("never fails, and reads every number back", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
      fc.maxSafeInteger(),
      (given, size) => {
        const read = coerce(schema, { ...given, size: String(size) });
        expect(read["size"]).toBe(size === 0 ? 0 : size);
        for (const name of Object.keys(given)) expect(Object.hasOwn(read, name)).toBe(true);
      },
    ),
  );
});
