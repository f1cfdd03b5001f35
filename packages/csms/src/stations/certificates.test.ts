import { describe, expect, it } from "vitest";
import { fingerprintText, judgePin } from "./certificates.ts";

const bytes = Array.from({ length: 32 }, (_none, index) => (index * 7).toString(16).padStart(2, "0").slice(-2));
const fingerprint = bytes.join(":").toUpperCase();

describe("a fingerprint", () => {
  it("may be written with colons and without, in any case", () => {
    expect(fingerprintText("pinnedCertificate", fingerprint)).toBe(fingerprint);
    expect(fingerprintText("pinnedCertificate", bytes.join("").toLowerCase())).toBe(fingerprint);
  });

  it.each(["", "AB", "ZZ".repeat(32), `${fingerprint}:00`])("is nothing else: %j", (text) => {
    expect(() => fingerprintText("nextCertificate", text)).toThrow(/^nextCertificate must be a SHA-256 fingerprint/);
  });
});

describe("pins", () => {
  it.each([
    [null, null, "first"],
    ["A", null, "pinned"],
    ["B", "A", "announced"],
    [null, "A", "announced"],
    ["B", null, "other"],
    ["B", "C", "other"],
    [null, "B", "other"],
  ] as const)("%s, and %s to follow, make of a certificate: %s", (pinned_certificate, next_certificate, verdict) => {
    expect(judgePin({ pinned_certificate, next_certificate }, "A")).toBe(verdict);
  });
});
