import { fullFormats } from "ajv-formats/dist/formats.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUri, isUri } from "./uri.ts";

const oracle = (text: string): boolean => typeof fullFormats.uri === "function" && fullFormats.uri(text);

// Pieces that meet every branch of the grammar, right and wrong.
const pieces =
  'http: ftp:// / // [ ] :: : 1 ffff 12345 1.2.3.4 256.1.1.1 01.2.3.4 @ user %41 %4 ? # a " host :80 é v1. v1.a:b ::1 [::1] \\ ^ _';
const piece = fc.constantFrom(" ", ...pieces.split(" "));
const uriLike = fc
  .tuple(fc.constantFrom("", "http:", "x://", "x://[", "x:/["), fc.array(piece, { maxLength: 8 }))
  .map(([start, rest]) => start + rest.join(""));
const group = fc.constantFrom("1", "ffff", "0", "::", "1.2.3.4", ":", "12345", "");
const address = fc
  .tuple(fc.array(group, { maxLength: 9 }), fc.constantFrom(":", ""), fc.constantFrom("", "/a", ":1", "x"))
  .map(([groups, glue, rest]) => `x://[${groups.join(glue)}]${rest}`);

describe("uri", () => {
  it("has the verdict of ajv-formats in full mode", () => {
    fc.assert(
      fc.property(fc.oneof(uriLike, address, fc.webUrl(), fc.string()), (text) => {
        expect(isUri(text)).toBe(oracle(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(["/local/path", "file.bin", "http://a b/", "http://[1]/", ""])("refuses %j", (text) => {
    expect(checkUri(text, 0)?.kind).toBe("format");
  });

  it.each(["ftp://user:password@host:21/path", "https://[::ffff:1.2.3.4]:443/x?y#z", "urn:x", "x:/"])(
    "takes %j",
    (text) => {
      expect(checkUri(text, 0)).toBeUndefined();
    },
  );

  it.each([
    "x://".padEnd(10_000_000, "a"),
    "x://".padEnd(10_000_000, "%41@"),
    "x:".padEnd(10_000_000, "["),
    "a".repeat(10_000_000),
  ])("is done with long texts", (text) => {
    expect(() => isUri(text)).not.toThrow();
  });
});
