import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { type Allowance, confined, dependencyRule, places, queryPlaces, versionPlaces } from "./dependency-rule.ts";
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

/** The place of a file in the order of its package; see `places`. */
function placeOf(file: string, folder: string): string {
  const own = relative(`${folder}/src`, file);
  if (places[folder]?.some((level) => level.includes(own)) === true) return own;
  const [part = "", ...rest] = own.split("/");
  if (rest.length === 0) return "";
  const below = ["rest", "jobs"].find((name) => rest.slice(0, -1).includes(name));
  return below === undefined ? part : `*/${below}`;
}

/** Files that are programs of their own, beside the entries of package.json. */
const programs: { readonly [folder: string]: readonly string[] } = {
  "packages/csms": ["main.ts", "store/sqlite/thread.ts"],
  "packages/demo": ["fleet/main.ts", "demonstration/main.ts"],
};

/** The files of a package that others begin with: its entries, what `imports` of package.json names, and its programs. */
function entriesOf({ folder }: Package): string[] {
  const named = Array.from(read(`${folder}/package.json`).matchAll(/"\.\/(src\/[^"]+\.ts)"/g), ([, path = ""]) => path);
  return [...named, ...(programs[folder] ?? []).map((path) => `src/${path}`)].map((path) => `${folder}/${path}`);
}

/** The files of a package that import each other in a circle, types included; each circle as a set of its files. */
function circlesOf({ folder, sources }: Package): string[][] {
  const imported = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter(isRelative)
        .map((specifier) => join(dirname(file), specifier))
        .filter((target) => target.startsWith(`${folder}/src/`)),
    ]),
  );
  // Tarjan's strongly connected components.
  const order = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    let low = number;
    stack.push(file);
    for (const target of imported.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, order.get(target) ?? low);
    }
    if (low === number) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle);
    }
    return low;
  };
  for (const file of sources) if (!order.has(file)) visit(file);
  return circles;
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
      const allowed = confined[folder]?.[name];
      return allowed !== undefined && !allowed.includes(placeOf(file, folder));
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

  it("imports from the places before its own only", () => {
    const order = places[folder] ?? [];
    const heightOf = (place: string) => order.findIndex((level) => level.includes(place));
    const upward = imports.filter(({ file, specifier }) => {
      if (!isRelative(specifier)) return false;
      const place = placeOf(file, folder);
      const target = placeOf(join(dirname(file), specifier), folder);
      if (order.length === 0 || place === target) return false;
      // What has no place in the order is before nothing.
      return heightOf(place) < 0 || heightOf(target) < 0 || heightOf(target) >= heightOf(place);
    });
    expect(upward).toEqual([]);
  });

  it("has no files that import each other in a circle", () => {
    expect(circlesOf(one)).toEqual([]);
  });

  it("has no file that nothing of production reaches", () => {
    const found = new Set<string>();
    const waiting = entriesOf(one);
    expect(waiting.length).toBeGreaterThan(0);
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      for (const specifier of importsOf(file)) if (isRelative(specifier)) waiting.push(join(dirname(file), specifier));
    }
    expect(one.sources.filter((file) => !found.has(file) && !file.endsWith(".d.ts"))).toEqual([]);
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

it("knows versions of OCPP apart in one place of the CSMS", () => {
  const csms = packages.find(({ folder }) => folder === "packages/csms");
  const strays = (csms?.sources ?? []).filter((file) => {
    const own = relative("packages/csms/src", file);
    if (versionPlaces.some((place) => own.startsWith(place))) return false;
    const imported = importsOf(file).some((specifier) => /^@ocpp\/v\d/.test(specifier));
    return imported || /["']ocpp\d(?:\.\d)+["']/.test(read(file));
  });
  expect(csms?.sources.length).toBeGreaterThan(200);
  expect(strays).toEqual([]);
});

it("forms queries in repositories, lists of REST and the store", () => {
  const csms = packages.find(({ folder }) => folder === "packages/csms");
  const strays = (csms?.sources ?? []).filter((file) => {
    const own = relative("packages/csms/src", file);
    if (queryPlaces.some((place) => place.test(own))) return false;
    return importsOf(file).includes("kysely") || /\b(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(read(file));
  });
  expect(strays.map((file) => relative("packages/csms/src", file))).toEqual([]);
});

it("lets rules of the CSMS import nothing but rules and what versions say: no clock, no store, no network", () => {
  const csms = packages.find(({ folder }) => folder === "packages/csms");
  const isRule = (path: string): boolean => /(^|\/)rules(\.ts$|\/)/.test(path);
  const isPure = (path: string): boolean => isRule(path) || path.startsWith("ocpp/versions/");
  const rules = (csms?.sources ?? []).filter((file) => isRule(relative("packages/csms/src", file)));
  const strays = rules.flatMap((file) =>
    importsOf(file)
      .filter(
        (specifier) => !isRelative(specifier) || !isPure(relative("packages/csms/src", join(dirname(file), specifier))),
      )
      .map((specifier) => [file, specifier]),
  );
  expect(rules.length).toBeGreaterThan(8);
  expect(strays).toEqual([]);
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
