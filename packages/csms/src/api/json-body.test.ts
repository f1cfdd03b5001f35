import * as fc from "fast-check";
import { expect, it } from "vitest";
import { inspectJson } from "./json-body.ts";

it("lets all JSON through that is not deep and has no NUL", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("\\u0000"));
      inspectJson(text);
    }),
  );
});

it("finds NUL wherever it stands, and nothing that only looks like it", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(() => {
        inspectJson(JSON.stringify({ [before]: [`${before}\0${after}`] }));
      }).toThrow(/NUL/);
    }),
  );
  inspectJson(JSON.stringify(["\\u0000", "\\\\u0000", '"\\u0000']));
});

it("counts depth outside of texts only", () => {
  inspectJson(JSON.stringify("[".repeat(1_000)));
  inspectJson("[[],[],[]]".repeat(100));
  inspectJson(`${"[".repeat(64)}${"]".repeat(64)}`);
  expect(() => {
    inspectJson(`${"[".repeat(65)}${"]".repeat(65)}`);
  }).toThrow(/deeper than 64/);
  expect(() => {
    inspectJson('{"a":'.repeat(65));
  }).toThrow(/deeper/);
});
