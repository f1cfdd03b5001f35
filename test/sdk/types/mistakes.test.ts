/*
 * Every file in `mistakes/` makes one mistake, and every compiler must name it: one error, with the number and the text
 * that the file announces, below the line that announces it. A fixture that compiles is a failure.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Compiler,
  compile,
  compilers,
  type Diagnostic,
  folder,
  nodeOnly,
  type Resolution,
  resolutions,
} from "./compiler.ts";
import { expectationsOf } from "./expectation.ts";

const fixtures = readdirSync(join(folder, "mistakes"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .sort()
  .map((name) => {
    const file = `mistakes/${name}`;
    return { file, expectations: expectationsOf(readFileSync(join(folder, file), "utf8")) };
  });

it("has a fixture for at least a hundred mistakes, and each announces its error", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(100);
  expect(fixtures.filter(({ expectations }) => expectations.length === 0).map(({ file }) => file)).toEqual([]);
});

/** The mistakes of a server's author are compiled with Node's types, which the others must not need. */
const groups = [
  { group: "everywhere", options: {}, own: fixtures.filter(({ file }) => !file.includes("/server/")) },
  { group: "in Node", options: nodeOnly, own: fixtures.filter(({ file }) => file.includes("/server/")) },
];

/** Every compiler finds packages in one way; `OCPP_TYPES=full` asks each for both, and the fastest always does both. */
const resolutionsOf = (compiler: Compiler): readonly Resolution[] =>
  (Object.keys(resolutions) as Resolution[]).slice(
    0,
    compiler === "7.0" || process.env["OCPP_TYPES"] === "full" ? undefined : 1,
  );

for (const compiler of Object.keys(compilers) as Compiler[]) {
  for (const resolution of resolutionsOf(compiler)) {
    describe.each(groups)(`TypeScript ${compiler}, ${resolution}, $group`, ({ own, options }) => {
      let diagnostics: readonly Diagnostic[] = [];

      beforeAll(async () => {
        const files = own.map(({ file }) => file);
        diagnostics = await compile(compiler, resolution, files, { exactOptionalPropertyTypes: true, ...options });
      });

      it("complains about the fixtures only", () => {
        const known = new Set(own.map(({ file }) => file));
        expect(diagnostics.filter(({ file }) => !known.has(file))).toEqual([]);
      });

      it.each(own)("$file", ({ file, expectations }) => {
        const found = diagnostics.filter((diagnostic) => diagnostic.file === file);
        const told = found.map(({ line, code, text }) => `${file}:${line} ${code} ${text}`).join("\n");
        expect(found.length, told || `${file} compiles`).toBe(expectations.length);
        for (const [index, { line, codes, text }] of expectations.entries()) {
          expect(found[index]?.code, told).toBe(codes[compiler]);
          expect(found[index]?.text).toMatch(text);
          expect(found[index]?.line, told).toBeGreaterThan(line);
          expect(found[index]?.line, told).toBeLessThan(expectations[index + 1]?.line ?? Number.POSITIVE_INFINITY);
        }
      });
    });
  }
}
