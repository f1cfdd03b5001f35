import { describe, expect, it } from "vitest";
import { basicAuthorization } from "./credentials.ts";

describe("basicAuthorization", () => {
  it("sends a binary key as it is (the example of OCPP-J 1.6 §6.2.2)", () => {
    const key = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, ...Array.from({ length: 12 }, () => 0xff)]);
    expect(basicAuthorization("AL1000", key)).toBe("Basic QUwxMDAwOgABAgMEBQYH////////////////");
  });

  it("sends a text as UTF-8", () => {
    const header = basicAuthorization("CS 1", "pässwörd€");
    expect(Buffer.from(header.slice(6), "base64").toString("utf8")).toBe("CS 1:pässwörd€");
  });
});
