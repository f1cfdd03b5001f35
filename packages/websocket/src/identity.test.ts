import { describe, expect, it } from "vitest";
import { checkIdentity } from "./identity.ts";

const v2 = ["ocpp2.0.1", "ocpp1.6"];
const v1 = ["ocpp1.6"];

describe("checkIdentity", () => {
  it("takes what identifierString allows, and the space of the example in the specification", () => {
    for (const identity of ["CS001", "RDAM 123", "a*b-c_d=e+f|g@h.i", "x".repeat(48)]) {
      expect(() => checkIdentity(identity, v2)).not.toThrow();
    }
  });

  it("refuses a colon, too many characters and none", () => {
    for (const identity of ["CS:1", "x".repeat(49), "", ".", "..", "a\nb"]) {
      expect(() => checkIdentity(identity, v2)).toThrow(TypeError);
      expect(() => checkIdentity(identity, v1)).toThrow(TypeError);
    }
  });

  it("holds OCPP 2.x to its characters, not OCPP 1.6, which names none", () => {
    expect(() => checkIdentity("Ladesäule/7", v2)).toThrow(TypeError);
    expect(() => checkIdentity("Ladesäule/7", v1)).not.toThrow();
  });
});
