import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { driftOf } from "./drift.ts";
import { writePackages } from "./write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-test-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "src", "old.ts"), "old");
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  { path: "README.md", text: "read" },
  { path: "src/index.ts", text: "index" },
  { path: "src/messages/a.ts", text: "a" },
  { path: "schemas/A.json", text: "{}" },
];

it("replaces the owned folders whole and leaves the shell alone", () => {
  expect(writePackages([{ folder, files }])).toEqual([folder]);
  expect(readdirSync(folder).sort()).toEqual(["README.md", "package.json", "schemas", "src"]);
  expect(existsSync(join(folder, "src/old.ts"))).toBe(false);
  expect(readFileSync(join(folder, "src/messages/a.ts"), "utf8")).toBe("a");
  expect(writePackages([{ folder, files }])).toEqual([]);
});

it("lists what differs, what is missing and what is extra", () => {
  writePackages([{ folder, files }]);
  writeFileSync(join(folder, "src/index.ts"), "changed");
  writeFileSync(join(folder, "src/messages/b.ts"), "b");
  rmSync(join(folder, "schemas/A.json"));
  expect(driftOf(folder, files)).toEqual({
    differing: ["src/index.ts"],
    missing: ["schemas/A.json"],
    extra: ["src/messages/b.ts"],
  });
});

it("leaves everything as it was if a file cannot be written", () => {
  const impossible = [...files, { path: "src/index.ts/inside.ts", text: "" }];
  expect(() => writePackages([{ folder, files: impossible }])).toThrow();
  expect(readdirSync(folder).sort()).toEqual(["package.json", "src"]);
  expect(readFileSync(join(folder, "src/old.ts"), "utf8")).toBe("old");
});
