/* Every published package as its users get it: what is in it, what publint and attw say of it, and that it works. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesIn, pack, published, root, textIn, tool } from "./tarball.ts";

const packages = await published();
const scratch = await mkdtemp(join(tmpdir(), "ocpp-packages-"));
const tarballs = new Map<string, string>();
const tarballOf = (name: string) => tarballs.get(name) ?? "";

beforeAll(async () => {
  for (const one of packages) tarballs.set(one.name, await pack(one, scratch));
});

afterAll(() => rm(scratch, { recursive: true }));

it("finds the packages", () => {
  const names = packages.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["@ocpp/core", "@ocpp/v16", "@ocpp/v201", "@ocpp/v21", "@ocpp/websocket"]),
  );
});

describe.each(packages)("$name", ({ name }) => {
  it("has what belongs in it and nothing else", async () => {
    const files = await filesIn(tarballOf(name));
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]),
    );
    const allowed = /^(package\.json|LICENSE|NOTICE|README\.md|CHANGELOG\.md|(bin|dist|src|schemas)\/.+)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(
      files.filter((file) => /\.(test|test-d|fixture)\.|\.(pem|key|crt|p12|tsbuildinfo|env)$|__/.test(file)),
    ).toEqual([]);
  });

  it("brings the sources that its maps point to", async () => {
    const files = new Set(await filesIn(tarballOf(name)));
    const maps = [...files].filter((file) => file.endsWith(".map"));
    expect(maps.length).toBeGreaterThan(0);
    const missing: string[] = [];
    for (const map of maps.slice(0, 20)) {
      const { sources } = JSON.parse(await textIn(tarballOf(name), map)) as { sources: readonly string[] };
      missing.push(...sources.map((source) => join(dirname(map), source)).filter((source) => !files.has(source)));
    }
    expect(missing).toEqual([]);
  });

  it("says what a registry needs to know, in the words of a registry", async () => {
    const manifest = JSON.parse(await textIn(tarballOf(name), "package.json"));
    expect(manifest).toMatchObject({
      name,
      license: "MIT",
      type: "module",
      sideEffects: false,
      publishConfig: { access: "public" },
    });
    expect(manifest.description.length).toBeGreaterThan(20);
    expect(JSON.stringify(manifest.dependencies ?? {})).not.toMatch(/workspace:|catalog:|file:|link:/);
    expect(manifest.scripts ?? {}).not.toHaveProperty("postinstall");
  });

  it("has a README that shows how to install it", async () => {
    const installs = (await textIn(tarballOf(name), "README.md")).match(/^npm install .*$/gm) ?? [];
    expect(installs.some((line) => line.split(" ").includes(name))).toBe(true);
  });

  it("pleases publint", async () => {
    const said = await tool("publint", ["run", tarballOf(name), "--strict"], scratch);
    expect(said).toContain("All good!");
  });

  it("pleases attw", async () => {
    // Ends with an error where anything is wrong but what `esm-only` leaves out: `node10`, and `require` of old.
    const said = await tool("attw", [tarballOf(name), "--profile", "esm-only", "--no-color", "--no-emoji"], scratch);
    expect(said).toContain(name);
  });
});

const program = `
const [a, b] = memoryPair("ocpp2.0.1");
const charger = connectPeer(a, station(v201, { Reset: () => ({ status: "Scheduled" }) }, { fallback: () => ({}) }));
const system = connectPeer(b, csms(v201, {
  BootNotification: (request) => ({ status: request.reason === "PowerUp" ? "Accepted" : "Pending", currentTime: "2026-01-01T00:00:00Z", interval: 60 }),
}, { fallback: () => ({}) }));
const boot = await charger.call("BootNotification", { reason: "PowerUp", chargingStation: { model: "m", vendorName: "v" } });
const reset = await system.call("Reset", { type: "OnIdle" });
await charger.close();
console.log(boot.status, boot.interval, reset.status, v16.subprotocol, v21.subprotocol, typeof connect, typeof serve);
`;

const modules = {
  "@ocpp/core": "connectPeer, csms, memoryPair, station",
  "@ocpp/v16": "v16",
  "@ocpp/v201": "v201",
  "@ocpp/v21": "v21",
  "@ocpp/websocket": "connect",
  "@ocpp/websocket/server": "serve",
};

const printed = "Accepted 60 Scheduled ocpp1.6 ocpp2.1 function function\n";

describe("installed into an empty folder", () => {
  const folder = join(scratch, "consumer");
  const imports = Object.entries(modules).map(([from, names]) => `import { ${names} } from "${from}";`);
  const requires = Object.entries(modules).map(([from, names]) => `const { ${names} } = require("${from}");`);

  beforeAll(async () => {
    await mkdir(folder);
    const dependencies = Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballOf(name)}`]));
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ name: "consumer", private: true, dependencies, overrides: dependencies }),
    );
    await tool("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  });

  it("works as ES modules", async () => {
    await writeFile(join(folder, "program.mjs"), imports.join("\n") + program);
    expect(await tool(process.execPath, ["program.mjs"], folder)).toBe(printed);
  });

  it("works through require()", async () => {
    const source = `${requires.join("\n")}\n(async () => {${program}})();`;
    await writeFile(join(folder, "program.cjs"), source);
    expect(await tool(process.execPath, ["--no-warnings", "program.cjs"], folder)).toBe(printed);
  });

  it("gives the schemas as JSON", async () => {
    const source = `console.log(require("@ocpp/v201/schemas/ResetRequest.json").properties.type !== undefined);`;
    await writeFile(join(folder, "schema.cjs"), source);
    expect(await tool(process.execPath, ["schema.cjs"], folder)).toBe("true\n");
  });

  it("type-checks with skipLibCheck off", async () => {
    const find = createRequire(join(root, "test", "package.json")).resolve;
    const tsc = join(dirname(find("typescript/package.json")), "bin", "tsc");
    await writeFile(join(folder, "program.mts"), imports.join("\n") + program);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "es2022",
          lib: ["es2023", "dom"],
          module: "nodenext",
          strict: true,
          noEmit: true,
          skipLibCheck: false,
          types: ["node"],
          typeRoots: [join(root, "test", "node_modules", "@types")],
        },
        files: ["program.mts"],
      }),
    );
    expect(await tool(process.execPath, [tsc, "-p", "."], folder)).toBe("");
  });
});
