import { join } from "node:path";
import { readDigests } from "./digests.ts";
import { problemsOf, readSet, setHash } from "./schema-set.ts";
import { versions } from "./version.ts";

/** Verifies the files below `schemas/` against `digests.json`; throws with one line per file that is not right. */
export function checkSchemas(folder: string, log: (line: string) => void): void {
  const problems: string[] = [];
  for (const version of versions) {
    const set = readSet(join(folder, version));
    const found = problemsOf(set, readDigests(folder, version));
    problems.push(...found.map((problem) => `${version}/${problem}`));
    if (found.length === 0) log(`schemas/${version}: ${set.size} files as expected, sha256 of the set ${setHash(set)}`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
