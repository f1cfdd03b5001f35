import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textDigest } from "./text-digest.ts";

describe("textDigest", () => {
  it("is the same in every process, since it is kept", () => {
    expect(textDigest("")).toBe(3338908027751811);
  });

  it("is a safe integer that differs with the text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(Number.isSafeInteger(textDigest(one))).toBe(true);
        expect(textDigest(one) === textDigest(other)).toBe(one === other);
      }),
    );
  });
});
