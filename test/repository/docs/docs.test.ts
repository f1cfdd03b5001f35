/* The documents, held to what they say: their code is cut from programs, which compile and run; their links lead somewhere. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { complaintsAbout } from "./consumer.ts";
import { documents, fencesIn, root, synced, textOf } from "./document.ts";
import { brokenLinks } from "./link.ts";
import { shellProblems } from "./shell.ts";

const tests = join(root, "test");
const paths = documents();
const fences = paths.flatMap(fencesIn);
const generated = fences.filter(({ path, language }) => path.startsWith("generated/") && language === "ts");

/** Programs that run by themselves; the suites beside them have their own tests. */
const examples = readdirSync(join(tests, "repository/examples")).filter((name) => /(?<!\.test)\.ts$/.test(name));

/** The files that fences are cut from. */
const used = new Set(fences.flatMap(({ source }) => (source === undefined ? [] : [source.replace(/#.*/, "")])));

/** Fences that are programs of their own, written where the packages are found. */
const scratch = (() => {
  mkdirSync(join(tests, ".cache"), { recursive: true });
  return mkdtempSync(join(tests, ".cache", "docs-"));
})();
const loose = generated.map(({ code, path, line }) => {
  const name = `${path.split("/").at(-2)}-line-${line}.ts`;
  writeFileSync(join(scratch, name), code);
  return { name, place: `${path}:${line}` };
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs a program on the built packages; resolves with what it printed, and rejects where it fails. */
function run(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", "tsx", file],
      { cwd: root, timeout: 90_000, env: { ...process.env, NODE_OPTIONS: "" } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${file} failed (${error.code ?? error.signal}):\n${stdout}${stderr}`));
      },
    );
  });
}

describe("documents", () => {
  it.each(paths)("%s says what its programs say", (path) => {
    expect(synced(path), "run pnpm fences").toBe(textOf(path));
  });

  it.each(paths)("%s has no link that leads nowhere", (path) => {
    expect(brokenLinks(path)).toEqual([]);
  });

  it("have code from programs only", () => {
    const handmade = fences.filter(
      ({ path, language, source }) =>
        /^(README\.md|docs\/|packages\/)/.test(path) && /^(ts|js|html)$/.test(language) && source === undefined,
    );
    expect(handmade.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
    expect(fences.filter(({ language }) => /^(typescript|javascript|tsx|jsx|bash|shell)$/.test(language))).toEqual([]);
  });

  it("have every example in a guide", () => {
    const linked = paths.map(textOf).join("\n");
    const unused = examples.filter(
      (name) => !used.has(`test/repository/examples/${name}`) && !linked.includes(`test/repository/examples/${name}`),
    );
    expect(unused).toEqual([]);
  });

  const shell = fences.filter(({ language, path }) => language === "sh" && !path.startsWith("test/"));
  it.each(shell)("$path:$line has commands that exist", ({ code }) => {
    expect(shellProblems(code)).toEqual([]);
  });
});

describe("programs", () => {
  it("compile for a consumer of the built packages", () => {
    const shown = [...used].filter((path) => path.startsWith("test/") && path.endsWith(".ts"));
    expect(shown.length).toBeGreaterThan(10);
    const files = [...shown.map((path) => join(root, path)), ...loose.map(({ name }) => join(scratch, name))];
    expect(complaintsAbout(files)).toEqual([]);
  });

  const needsOpenssl = (name: string): boolean =>
    textOf(`test/repository/examples/${name}`).includes("certificates.sh");
  const openssl = (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, "openssl")));
  it.concurrent.for(examples)("test/repository/examples/%s runs", async (name, { skip }) => {
    skip(needsOpenssl(name) && !openssl, "there is no openssl");
    const output = await run(join(tests, "repository/examples", name));
    const skipped = output.split("\n").find((line) => line.startsWith("skipped: "));
    skip(skipped !== undefined, skipped);
  });

  it.concurrent.each(loose)("$place runs", async ({ name }) => {
    await run(join(scratch, name));
  });
});
