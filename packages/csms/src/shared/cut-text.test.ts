import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "./cut-text.ts";

describe("a text that is cut", () => {
  it("is a beginning of the whole one, within the limit, in whole characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 1, max: 600 }), (text, limit) => {
        const cut = cutText(text, limit);
        const bytes = Buffer.from(text);
        if (bytes.length <= limit) {
          expect(cut).toBeUndefined();
          return;
        }
        expect(cut?.length).toBe(bytes.length);
        expect(cut?.digest).toBe(createHash("sha256").update(bytes).digest("hex"));
        expect(Buffer.byteLength(cut?.text ?? "x".repeat(limit + 1))).toBeLessThanOrEqual(limit);
        expect(text.startsWith(cut?.text ?? "")).toBe(true);
      }),
    );
  });

  it("keeps no half of a literal that could be an id token, and of a long one what fits", () => {
    expect(cutText('{"idToken":"ABCDEF12"}', 16)?.text).toBe('{"idToken":"');
    expect(cutText('{"idToken":"ABCDEF12","more":1}', 26)?.text).toBe('{"idToken":"ABCDEF12","');
    expect(cutText(`{"data":"${"x".repeat(1_000)}"}`, 500)?.text).toHaveLength(500);
  });
});
