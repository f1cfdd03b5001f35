import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { canonical, digest } from "./digest.ts";
import { readDigests } from "./digests.ts";
import { problemsOf, readSet } from "./schema-set.ts";
import { versions } from "./version.ts";

const folder = fileURLToPath(new URL("../../../schemas", import.meta.url));

describe("digests", () => {
  it.each(versions)("every schema of %s is the official one", (version) => {
    const digests = readDigests(folder, version);
    expect(Object.keys(digests).length).toBe({ "1.6": 78, "2.0.1": 128, "2.1": 181 }[version]);
    expect(problemsOf(readSet(`${folder}/${version}`), digests)).toEqual([]);
  });

  it("does not see annotations, order and keywords without effect", () => {
    const plain = {
      type: "object",
      properties: { b: { type: "string" }, a: { type: "integer" } },
      required: ["b", "a"],
    };
    const decorated = {
      $id: "urn:x",
      description: "text",
      required: ["a", "b"],
      properties: { a: { type: "integer", default: 1 }, b: { type: "string", additionalProperties: false } },
      type: "object",
    };
    expect(digest(decorated)).toBe(digest(plain));
  });

  it("keeps properties that bear the name of an annotation", () => {
    const schema = { type: "object", properties: { description: { type: "string" }, id: { type: "integer" } } };
    expect(canonical(schema)).toEqual(schema);
  });

  it("sees every change of what is accepted", () => {
    const text = readFileSync(`${folder}/2.0.1/BootNotificationRequest.json`, "utf8");
    const original = digest(JSON.parse(text));
    for (const [from, to] of [
      ['"maxLength": 20', '"maxLength": 21'],
      ['"PowerUp"', '"PowerOn"'],
      ['"additionalProperties": false,\n  "properties"', '"properties"'],
    ] as const) {
      expect(text).toContain(from);
      expect(digest(JSON.parse(text.replace(from, to)))).not.toBe(original);
    }
  });
});
