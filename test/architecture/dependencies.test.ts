import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { type Allowance, confined, dependencyRule, layers } from "./dependency-rule.ts";
import { filesBelow, importsOf, type Package, packagesIn, read, root } from "./workspace.ts";

const packages = [...packagesIn("generated"), ...packagesIn("packages")];

/** A module that a file of a package imports: which file, the specifier as it stands, and the package it is of. */
interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly name: string;
}

function importsOfPackage({ sources }: Package): Import[] {
  return sources.flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier, name: nameOf(specifier) })));
}

function nameOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

const isRelative = (specifier: string) => specifier.startsWith(".");
/** One of the `imports` of package.json, which in ours stand for files of the package itself. */
const isInternal = (specifier: string) => specifier.startsWith("#");
const isNode = (specifier: string) => specifier.startsWith("node:") || builtinModules.includes(nameOf(specifier));

/** The folder directly below `src` in which a file stands, empty for `src` itself. */
function partOf(file: string, folder: string): string {
  const [part = "", rest] = relative(`${folder}/src`, file).split("/");
  return rest === undefined ? "" : part;
}

it("walks the sources that there are", () => {
  expect(packages.map(({ folder }) => folder)).toEqual(
    expect.arrayContaining(["generated/v16", "generated/v201", "generated/v21", "packages/core", "packages/websocket"]),
  );
  for (const { folder, sources } of packages) expect(sources.length, folder).toBeGreaterThan(5);
  expect(importsOf("packages/core/src/index.ts")).toContain("./peer.ts");
  expect(importsOf("generated/v201/src/edition.ts").length).toBeGreaterThan(0);
});

describe.each(packages)("$folder", (one) => {
  const { folder, manifest } = one;
  const allowance: Allowance | undefined = dependencyRule[folder];
  const imports = importsOfPackage(one);

  it("has a place in the dependency rule", () => {
    expect(allowance).toBeDefined();
  });

  it("imports the packages that it may, and declares each", () => {
    const foreign = imports.filter(
      ({ specifier }) => !isRelative(specifier) && !isInternal(specifier) && !isNode(specifier),
    );
    const declared = Object.keys(manifest.dependencies ?? {});
    expect(foreign.filter(({ name }) => allowance?.packages.includes(name) !== true)).toEqual([]);
    expect(foreign.filter(({ name }) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => allowance?.packages.includes(name) !== true)).toEqual([]);
  });

  it("imports Node's modules only where only Node goes, and by their full names", () => {
    const node = imports.filter(({ specifier }) => isNode(specifier));
    const everywhere = allowance?.node === "everywhere";
    expect(node.filter(({ file }) => !everywhere && !allowance?.node.includes(partOf(file, folder)))).toEqual([]);
    expect(node.filter(({ specifier }) => !specifier.startsWith("node:"))).toEqual([]);
    const strays = imports.filter(({ file, name }) => {
      const part = confined[folder]?.[name];
      return part !== undefined && partOf(file, folder) !== part;
    });
    expect(strays).toEqual([]);
  });

  it("reaches its own files only, and names them in full", () => {
    const own = imports.filter(({ specifier }) => isRelative(specifier));
    const outside = own.filter(({ file, specifier }) => !join(dirname(file), specifier).startsWith(`${folder}/src/`));
    expect(outside).toEqual([]);
    expect(own.filter(({ specifier }) => !specifier.endsWith(".ts"))).toEqual([]);
    expect(own.filter(({ specifier }) => /\.(test|test-d|fixture)\.ts$/.test(specifier))).toEqual([]);
  });

  it("keeps the parts that run in browsers apart from those that need Node", () => {
    for (const part of allowance?.node === "everywhere" ? [] : (allowance?.node ?? [])) {
      const inward = imports.filter(
        ({ file, specifier }) =>
          partOf(file, folder) !== part &&
          isRelative(specifier) &&
          partOf(join(dirname(file), specifier), folder) === part,
      );
      expect(inward).toEqual([]);
    }
  });

  it("imports from the layers below only", () => {
    const order = layers[folder] ?? [];
    const heightOf = (part: string) => order.findIndex((level) => level.includes(part));
    const upward = imports.filter(({ file, specifier }) => {
      if (!isRelative(specifier)) return false;
      const part = partOf(file, folder);
      const target = partOf(join(dirname(file), specifier), folder);
      if (order.length === 0 || part === "" || part === target) return false;
      // A part that has no place among the layers is above none of them.
      return heightOf(target) < 0 || heightOf(target) >= heightOf(part);
    });
    expect(upward).toEqual([]);
  });

  it("references in TypeScript exactly the packages of ours that it depends on", () => {
    const config = JSON.parse(read(`${folder}/tsconfig.json`)) as { references?: readonly { path: string }[] };
    const referenced = (config.references ?? []).map(({ path }) => relative(root, join(root, folder, path)));
    const depended = packages
      .filter(({ manifest: { name } }) => Object.hasOwn(manifest.dependencies ?? {}, name))
      .map((dependency) => dependency.folder);
    expect(referenced.sort()).toEqual(depended.sort());
  });
});

it("lets nothing import codegen or test", () => {
  const everything = packages.flatMap(importsOfPackage);
  const forbidden = /(^|\/)(codegen|test)(\/|$)|^@ocpp\/(codegen|test)/;
  expect(everything.filter(({ specifier }) => forbidden.test(specifier))).toEqual([]);
});

it("builds every package from the root", () => {
  const config = JSON.parse(read("tsconfig.json")) as { references: readonly { path: string }[] };
  expect(config.references.map(({ path }) => path).sort()).toEqual(packages.map(({ folder }) => folder).sort());
});

it("gives core neither Node's names nor the DOM's", () => {
  const base = JSON.parse(read("tsconfig.base.json")) as { compilerOptions: { types: unknown; lib: unknown } };
  const { compilerOptions } = JSON.parse(read("packages/core/tsconfig.json")) as { compilerOptions: object };
  expect(base.compilerOptions).toMatchObject({ types: [], lib: ["es2023"] });
  expect(Object.keys(compilerOptions).sort()).toEqual(["outDir", "rootDir"]);
  expect(filesBelow("packages/core/src").filter((file) => read(file).includes("/// <reference"))).toEqual([]);
});
