/*
 * `tsx test/types/cost.ts`: what using our types costs a type-checker. Checks an empty program and one that uses 1.6 and
 * 2.0.1 in turn, five times each, in a process each time as `tsc` runs, and prints the medians and their difference.
 * Both link the same libraries, so the difference is what reading and checking our declarations takes.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compilers, folder } from "./compiler.ts";

const rounds = 5;

const programs = {
  empty: ["cost/empty.ts"],
  "1.6 and 2.0.1": ["cost/two-versions.ts"],
  "all handlers of 1.6 and 2.0.1, both sides": [
    "good/all-handlers-v16-csms.ts",
    "good/all-handlers-v16-station.ts",
    "good/all-handlers-v201-csms.ts",
    "good/all-handlers-v201-station.ts",
  ],
} as const;

const options = {
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  module: "nodenext",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

const tsc = join(dirname(createRequire(import.meta.url).resolve(`${compilers["6.0"]}/package.json`)), "bin", "tsc");
const scratch = mkdtempSync(join(tmpdir(), "ocpp-cost-"));

function seconds(name: string): number {
  const project = join(scratch, `${name.replaceAll(/\W+/g, "-")}.json`);
  const started = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", project, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} does not compile: ${stdout}`);
  return (performance.now() - started) / 1_000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

try {
  for (const [name, files] of Object.entries(programs)) {
    const config = { compilerOptions: options, files: files.map((file) => join(folder, file)) };
    writeFileSync(join(scratch, `${name.replaceAll(/\W+/g, "-")}.json`), JSON.stringify(config));
  }
  const times = new Map(Object.keys(programs).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, own] of times) own.push(seconds(name));
  }
  const empty = median(times.get("empty") ?? []);
  for (const [name, own] of times) {
    const beyond = name === "empty" ? "" : `, ${(median(own) - empty).toFixed(2)} s beyond the empty one`;
    console.log(`${name}: ${median(own).toFixed(2)} s${beyond}`);
  }
  console.log(`TypeScript 6, skipLibCheck, medians of ${rounds}; the target is 0.5 s beyond an empty program.`);
} finally {
  rmSync(scratch, { recursive: true });
}
