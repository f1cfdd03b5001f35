import { describe, expect, it } from "vitest";
import { bracketed, docComment, kebab, wrap } from "./layout.ts";

describe("layout", () => {
  it.each([
    ["BootNotification", "boot-notification"],
    ["Get15118EVCertificate", "get-15118-ev-certificate"],
    ["NotifyDERAlarm", "notify-der-alarm"],
    ["AFRRSignal", "afrr-signal"],
    ["NotifyEVChargingNeeds", "notify-ev-charging-needs"],
  ])("%s stands in %s.ts", (name, file) => {
    expect(kebab(name)).toBe(file);
  });

  it("wraps at spaces and leaves long words whole", () => {
    expect(wrap("aa bb cc", 5)).toEqual(["aa bb", "cc"]);
    expect(wrap("aaaaaaaa b", 5)).toEqual(["aaaaaaaa", "b"]);
  });

  it("writes doc comments on one line where they fit", () => {
    expect(docComment([])).toBe("");
    expect(docComment(["Short."], 2)).toBe("  /** Short. */\n");
    expect(docComment(["One.", "Two."])).toBe("/**\n * One.\n *\n * Two.\n */\n");
  });

  it("breaks lists that are too long", () => {
    expect(bracketed("x = ", ["[", "]"], ["1", "2"], ";")).toBe("x = [1, 2];\n");
    const words = Array.from({ length: 30 }, (_, index) => `"word${index}"`);
    expect(bracketed("x = ", ["{", "}"], words, ";").split("\n")).toHaveLength(33);
  });
});
