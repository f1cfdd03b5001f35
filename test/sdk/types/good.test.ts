/* Every program in `good/` compiles without a word, with every compiler and under every style of consumer. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Compiler, compile, compilers, folder, nodeOnly, type Resolution } from "./compiler.ts";

const programsIn = (below: string) =>
  readdirSync(join(folder, below))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => `${below}/${name}`);

const files = programsIn("good");
const servers = programsIn("good/server");

/** How consumers set up their compiler: how they find packages, and which options they add to `strict`. */
const styles: { readonly [style: string]: readonly [Resolution, object] } = {
  "plain strict, with a bundler": ["bundler", {}],
  "exact optional properties, no unchecked index": [
    "nodenext",
    { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ],
  "with Node's types and without the DOM": ["nodenext", nodeOnly],
};

/** What only newer compilers know, for consumers that publish declarations of their own. */
const publisher = {
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  erasableSyntaxOnly: true,
  declaration: true,
};

it("finds the programs", () => {
  expect(files.length).toBeGreaterThanOrEqual(14);
});

/** Every compiler meets the first style; `OCPP_TYPES=full` asks each for all of them, and the fastest always has all. */
const stylesOf = (compiler: Compiler) =>
  Object.entries(styles).slice(0, compiler === "7.0" || process.env["OCPP_TYPES"] === "full" ? undefined : 1);

describe.each(Object.keys(compilers) as Compiler[])("TypeScript %s", (compiler) => {
  it("servers and clients in Node", async () => {
    expect(await compile(compiler, "nodenext", servers, nodeOnly)).toEqual([]);
  });

  it.each(stylesOf(compiler))("%s", async (_, [resolution, options]) => {
    expect(await compile(compiler, resolution, files, options)).toEqual([]);
  });
});

it.each(["6.0", "7.0"] as const)("a library that publishes declarations, TypeScript %s", async (compiler) => {
  expect(await compile(compiler, "nodenext", ["good/library.ts"], publisher)).toEqual([]);
});
