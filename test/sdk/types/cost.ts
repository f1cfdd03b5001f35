/*
 * `tsx test/sdk/types/cost.ts`: what using our types costs a type-checker. Checks an empty program and some that use 1.6 and
 * 2.0.1 in turn, five times each, in a process each time as `tsc` runs, and prints the medians and their difference.
 * All link the same libraries, so the difference is what reading and checking our declarations takes. Time on the clock
 * is what a developer waits; time on the processor is what to compare where the machine is busy with other things.
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

/** Prints the processor time of the process that imports it, in microseconds, when it ends. */
const meter = "data:text/javascript,process.on('exit',()=>process.stderr.write(JSON.stringify(process.cpuUsage())))";

interface Cost {
  readonly clock: number;
  readonly processor: number;
}

/** Checks a program and returns what it cost, in seconds. */
function check(name: string): Cost {
  const args = ["--import", meter, tsc, "-p", projectOf(name), "--pretty", "false"];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const clock = (performance.now() - started) / 1_000;
  if (status !== 0) throw new Error(`${name} does not compile: ${stdout}`);
  const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage;
  return { clock, processor: (user + system) / 1_000_000 };
}

function projectOf(name: string): string {
  return join(scratch, `${name.replaceAll(/\W+/g, "-")}.json`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function medians(costs: readonly Cost[]): Cost {
  return { clock: median(costs.map(({ clock }) => clock)), processor: median(costs.map(({ processor }) => processor)) };
}

try {
  for (const [name, files] of Object.entries(programs)) {
    const config = { compilerOptions: options, files: files.map((file) => join(folder, file)) };
    writeFileSync(projectOf(name), JSON.stringify(config));
  }
  const costs = new Map(Object.keys(programs).map((name) => [name, [] as Cost[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, own] of costs) own.push(check(name));
  }
  const empty = medians(costs.get("empty") ?? []);
  for (const [name, own] of costs) {
    const { clock, processor } = medians(own);
    const beyond = `${(clock - empty.clock).toFixed(2)} s (processor ${(processor - empty.processor).toFixed(2)} s)`;
    const total = `${name}: ${clock.toFixed(2)} s (processor ${processor.toFixed(2)} s)`;
    console.log(name === "empty" ? total : `${total}, beyond the empty one ${beyond}`);
  }
  // The last line is for the bench: seconds beyond the empty program, by name.
  const beyond = [...costs].map(([name, own]) => [name, medians(own).clock - empty.clock] as const);
  console.log(`TypeScript 6, skipLibCheck, medians of ${rounds}; the target is 0.5 s beyond an empty program.`);
  console.log(JSON.stringify(Object.fromEntries(beyond)));
} finally {
  rmSync(scratch, { recursive: true });
}
