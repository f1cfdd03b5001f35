import { describe, expect, it } from "vitest";
import { checkIdentity, identityFault, identityPattern } from "./identity.ts";

const v2 = ["ocpp2.0.1", "ocpp1.6"];
const v1 = ["ocpp1.6"];

describe("checkIdentity", () => {
  it("takes what identifierString allows, and the space of the example in the specification", () => {
    for (const identity of ["CS001", "RDAM 123", "a*b-c_d=e+f|g@h.i", "x".repeat(48)]) {
      expect(() => checkIdentity(identity, v2)).not.toThrow();
    }
  });

  it("refuses a colon, too many characters and none", () => {
    for (const identity of ["CS:1", "x".repeat(49), "", ".", "..", "a\nb", "A/B", "\u0085", "\ud800", "a\udfff"]) {
      expect(() => checkIdentity(identity, v2)).toThrow(TypeError);
      expect(() => checkIdentity(identity, v1)).toThrow(TypeError);
    }
  });

  it("holds OCPP 2.x to its characters, not OCPP 1.6, which names none", () => {
    expect(() => checkIdentity("Ladesäule 7 🚗", v2)).toThrow(TypeError);
    expect(() => checkIdentity("Ladesäule 7 🚗", v1)).not.toThrow();
    // Characters, and not units of UTF-16.
    expect(() => checkIdentity("🚗".repeat(48), v1)).not.toThrow();
  });
});

describe("identityFault", () => {
  it("says what any version demands, where none is given", () => {
    expect(identityFault("Ladesäule 7")).toBeUndefined();
    expect(identityFault("A/B")).toMatch(/^must have 1 to 48 characters, no colon, slash/);
    expect(identityFault("Ladesäule 7", v2)).toMatch(/^must have 1 to 48 letters/);
  });

  it("has a pattern for schemas that agrees, and that says what a URL can carry", () => {
    const pattern = new RegExp(identityPattern, "u");
    for (let code = 0; code < 0x300; code++) {
      for (const text of [
        String.fromCharCode(code),
        `a${String.fromCharCode(code)}b`,
        `${String.fromCharCode(code)}.`,
      ]) {
        const fits = identityFault(text) === undefined;
        expect([text, pattern.test(text)]).toEqual([text, fits]);
        if (fits) {
          const { pathname } = new URL(`ws://h/x/${encodeURIComponent(text)}`);
          expect([text, decodeURIComponent(pathname.slice(3))]).toEqual([text, text]);
        }
      }
    }
  });
});
