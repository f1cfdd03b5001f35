import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { documents, root, synced, textOf } from "./document.ts";

/** `pnpm fences`: cuts the fences of the documents from the programs that they name. */

const help = `Cuts the code in README.md, docs/ and the packages' READMEs from the programs in test/repository/examples.

Usage: pnpm fences [--check]

  --check  writes nothing; ends with 1 where a document differs from its programs`;

const { values } = parseArgs({ options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } } });

function run(check: boolean): number {
  const stale = documents().filter((path) => synced(path) !== textOf(path));
  for (const path of stale) {
    if (!check) writeFileSync(join(root, path), synced(path));
    console.log(check ? `${path} differs from its programs: run pnpm fences` : `${path} written`);
  }
  if (stale.length === 0) console.log("The documents say what their programs say.");
  return check && stale.length > 0 ? 1 : 0;
}

if (values.help === true) console.log(help);
else {
  try {
    process.exitCode = run(values.check === true);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
