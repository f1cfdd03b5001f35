import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elements, print, tokens } from "./json-text.ts";

describe("JSON text", () => {
  it("keeps number tokens as they are written", () => {
    expect(print(tokens('{"minimum": 0.0,"maximum":1e2}'), { indent: 2, ascii: false })).toBe(
      '{\n  "minimum": 0.0,\n  "maximum": 1e2\n}',
    );
  });

  it("lays out any value as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(2, 4), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(print(tokens(JSON.stringify(value)), { indent, ascii: false })).toBe(
          JSON.stringify(value, undefined, indent),
        );
      }),
    );
  });

  it("escapes what is not ASCII where the layout asks for it", () => {
    expect(print(tokens('"don’t"'), { indent: 4, ascii: true })).toBe('"don\\u2019t"');
  });

  it("cuts an array into its elements", () => {
    expect(elements('[{"a":[1,2]}, 3, [] ]').map((parts) => parts.join(""))).toEqual(['{"a":[1,2]}', "3", "[]"]);
  });

  it("refuses what is not JSON, and what is no array", () => {
    expect(() => tokens("{")).toThrow(SyntaxError);
    expect(() => elements("{}")).toThrow("expected a JSON array");
  });
});
