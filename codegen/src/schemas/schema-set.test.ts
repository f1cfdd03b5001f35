import { describe, expect, it } from "vitest";
import { digest } from "./digest.ts";
import { problemsOf, setHash, sortedSet } from "./schema-set.ts";

const good = '{"type":"object"}';
const digests = { ARequest: digest(JSON.parse(good)), AResponse: digest(JSON.parse(good)) };

describe("a set of schemas", () => {
  it("has no problems when every file is there and right", () => {
    expect(
      problemsOf(
        new Map([
          ["ARequest", good],
          ["AResponse", good],
        ]),
        digests,
      ),
    ).toEqual([]);
  });

  it("names the file and the reason of each problem", () => {
    const set = new Map([
      ["ARequest", '{"type":"array"}'],
      ["BRequest", good],
      ["CRequest", "{"],
    ]);
    const problems = problemsOf(set, { ...digests, CRequest: "" });
    expect(problems).toHaveLength(4);
    expect(problems[0]).toMatch(/^ARequest\.json: digest is [0-9a-f]{16}, expected [0-9a-f]{16}$/);
    expect(problems[1]).toBe("BRequest.json: extra, digests.json does not name it");
    expect(problems[2]).toMatch(/^CRequest\.json: not JSON: /);
    expect(problems[3]).toBe("AResponse.json: missing");
  });

  it("has one hash whatever the order it was put together in", () => {
    const entries = [
      ["b", "1"],
      ["a", "2"],
    ] as const;
    expect(setHash(sortedSet(entries))).toBe(setHash(sortedSet(entries.toReversed())));
    expect(setHash(sortedSet([["a", "2"]]))).not.toBe(setHash(sortedSet(entries)));
  });
});
