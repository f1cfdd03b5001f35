import * as fc from "fast-check";
import { expect, it } from "vitest";
import { inspectJson } from "./json-body.ts";

it("lets all JSON through that is not deep and has no NUL and no half of a surrogate pair", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\\u(?:0000|d[89a-f])/i.test(text));
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

it("finds halves of surrogate pairs, and lets whole ones through", () => {
  for (const text of ["\\ud800", "\\uDBFFx", "x\\udc00", "\\ud83d\\ud83d\\ude97", "\\ud83d\\\\ude97", "\\ud83d"]) {
    expect(() => {
      inspectJson(`["${text}"]`);
    }, text).toThrow(/surrogate/);
  }
  inspectJson('["🚗 \\ud83d\\ude97 \\\\ud83d \\\\udc00"]');
});
