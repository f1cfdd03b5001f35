/* What a bundler finds when it starts at an entry that browsers use: no module of Node's, and of others only the client's. */
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { root } from "./workspace.ts";

const entries: { readonly [entry: string]: readonly string[] } = {
  "packages/core/dist/index.js": [],
  "packages/websocket/dist/index.js": ["@ocpp/core", "isomorphic-ws"],
  "generated/v16/dist/index.js": [],
  "generated/v201/dist/index.js": [],
  "generated/v21/dist/index.js": [],
};

/** What stands for one of a package's `imports` in a browser bundle, seen from the package. */
function browserFile(entry: string, specifier: string): string {
  const { imports } = JSON.parse(readFileSync(join(root, dirname(dirname(entry)), "package.json"), "utf8"));
  return imports[specifier].browser.default;
}

/** Follows the imports of a built module: the files it reaches, and the packages that it stops at. */
function walk(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
      if (specifier.startsWith(".")) visit(join(dirname(file), specifier));
      else if (specifier.startsWith("#")) visit(join(root, dirname(dirname(entry)), browserFile(entry, specifier)));
      else packages.add(specifier);
    }
  };
  visit(join(root, entry));
  return { files: [...files], packages: [...packages].sort() };
}

describe.each(Object.keys(entries))("%s", (entry) => {
  it("is built", () => {
    expect(existsSync(join(root, entry))).toBe(true);
  });

  it("reaches no module of Node's", () => {
    const { files, packages } = walk(entry);
    expect(files.length).toBeGreaterThan(5);
    expect(packages.filter((name) => name.startsWith("node:") || builtinModules.includes(name))).toEqual([]);
    expect(packages).toEqual(entries[entry]);
  });

  it("bundles for browsers without leaving anything out", async () => {
    const { metafile } = await build({
      entryPoints: [join(root, entry)],
      bundle: true,
      write: false,
      metafile: true,
      platform: "browser",
      format: "esm",
      logLevel: "error",
    });
    const [output] = Object.values(metafile.outputs);
    expect(output?.imports).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((file) => /node_modules\/ws\//.test(file))).toEqual([]);
  });
});
