import { describe, expect, it } from "vitest";
import { storableFacts, storableText } from "./storable-text.ts";

describe("texts for a database", () => {
  it("have no NUL character", () => {
    expect(storableText("a\0b\0")).toBe("a\u{FFFD}b\u{FFFD}");
    expect(storableText("a\u0001b")).toBe("a\u0001b");
  });

  it("are replaced in facts, and only there", () => {
    const facts = { text: "a\0", number: 1, nothing: undefined, list: ["\0"] };
    expect(storableFacts(facts)).toEqual({ text: "a\u{FFFD}", number: 1, nothing: undefined, list: ["\0"] });
    expect(facts.text).toBe("a\0");
    const fine = { text: "a" };
    expect(storableFacts(fine)).toBe(fine);
  });
});
