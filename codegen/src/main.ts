import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { editions } from "./editions/index.ts";
import { type GeneratedPackage, generate } from "./generate.ts";
import { reasonOf } from "./json.ts";
import { readChecks } from "./read/check-sources.ts";
import { readSource } from "./read/source.ts";
import { driftOf, isClean } from "./write/drift.ts";
import { writePackages } from "./write/write.ts";

const help = `Usage: pnpm codegen [--check]

Writes generated/v16, generated/v201 and generated/v21 from schemas/ and codegen/src/editions/.

  --check   write nothing; list the files that differ from what codegen would write, and fail if there are any
  --help    show this text`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const folderOf = (name: string): string => join(root, "generated", name);

async function generateAll(): Promise<GeneratedPackage[]> {
  const checks = readChecks();
  const packages: GeneratedPackage[] = [];
  for (const edition of editions) {
    const started = performance.now();
    const made = await generate(readSource(root, edition), checks);
    const took = Math.round(performance.now() - started);
    console.log(
      `generated/${made.name}: ${made.messages} messages, ${made.types} types, ${made.validators} validators, ${made.files.length} files, ${took} ms`,
    );
    packages.push(made);
  }
  return packages;
}

function check(packages: readonly GeneratedPackage[]): void {
  for (const { name, files } of packages) {
    const drift = driftOf(folderOf(name), files);
    if (isClean(drift)) continue;
    process.exitCode = 1;
    for (const path of drift.differing) console.error(`generated/${name}/${path} differs`);
    for (const path of drift.missing) console.error(`generated/${name}/${path} is missing`);
    for (const path of drift.extra) console.error(`generated/${name}/${path} is not codegen's`);
  }
  console.log(process.exitCode === 1 ? "not up to date: run pnpm codegen" : "up to date");
}

function write(packages: readonly GeneratedPackage[]): void {
  const written = writePackages(packages.map(({ name, files }) => ({ folder: folderOf(name), files })));
  console.log(written.length === 0 ? "nothing to write: up to date" : `written: ${written.length} packages`);
}

async function run(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => !["--check", "--help", "-h"].includes(word));
  if (unknown !== undefined) throw new Error(`unknown option ${unknown}; see pnpm codegen --help`);
  if (words.includes("--help") || words.includes("-h")) return console.log(help);
  const packages = await generateAll();
  return words.includes("--check") ? check(packages) : write(packages);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`codegen: ${reasonOf(error)}`);
  process.exitCode = 1;
});
