import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { paragraphs } from "./description.ts";

describe("cleaning descriptions", () => {
  it.each([
    ["Device. Model. CI20_ Text\r\nurn:x-oca:ocpp:uid:1:569325\r\nDefines the model.\r\n", ["Defines the model."]],
    ["Transaction\r\nurn:x-oca:ocpp:uid:2:233318\r\n", []],
    ["See &lt;&lt;ref-RFC5646,[RFC5646]&gt;&gt;. Value &gt;= 0", ["See [RFC5646]. Value >= 0"]],
    ["One. +\r\nTwo. +  \r\n\r\nThree.", ["One.\nTwo.", "Three."]],
    ["*(2.1)* A _fieldName_ of *ISO 15118-20*: X", ["(2.1) A `fieldName` of ISO 15118-20: X"]],
    ["Don’t, “ever”", ['Don\'t, "ever"']],
    ["Regex: ([0-1][0-9]\\|2[0-3])", ["Regex: ([0-1][0-9]|2[0-3])"]],
    ["An end */ of comment", ["An end * / of comment"]],
    ["Text.\r\n\r\nimage::images/X.png[]\r\n", ["Text."]],
  ])("%j", (description, expected) => {
    expect(paragraphs(description)).toEqual(expected);
  });

  it("leaves no markup in any description of the schemas", () => {
    const found: string[] = [];
    for (const version of ["2.0.1", "2.1"]) {
      const folder = fileURLToPath(new URL(`../../../schemas/${version}`, import.meta.url));
      for (const name of readdirSync(folder))
        JSON.parse(readFileSync(`${folder}/${name}`, "utf8"), (key, value: unknown) => {
          if (key === "description" && typeof value === "string") found.push(...paragraphs(value));
          return value;
        });
    }
    const marked = found.filter((text) => /\r|\t|urn:|image::|&\w+;|<<|\*\/|\+$| $|^ |[‘’“”]/m.test(text));
    expect(marked).toEqual([]);
  });
});
