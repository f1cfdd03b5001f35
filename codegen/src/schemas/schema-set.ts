import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../json.ts";
import { digest } from "./digest.ts";
import type { Digests } from "./digests.ts";

/** The schema files of one version: message name, such as `BootNotificationRequest`, to the text of its file. */
export type SchemaSet = ReadonlyMap<string, string>;

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : 1);

/** Puts the messages of a set in the one order that everything here uses. */
export function sortedSet(entries: Iterable<readonly [string, string]>): SchemaSet {
  return new Map([...entries].sort(([a], [b]) => byCodeUnit(a, b)));
}

/** Reads the set that stands in a folder; an absent folder is an empty set. */
export function readSet(folder: string): SchemaSet {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return sortedSet(names.map((name) => [name.slice(0, -".json".length), readFileSync(join(folder, name), "utf8")]));
}

/** One hash over the names and bytes of a whole set, so that a README can name a set by 64 hex digits. */
export function setHash(set: SchemaSet): string {
  const sums = [...set].map(([name, text]) => `${createHash("sha256").update(text).digest("hex")}  ${name}.json\n`);
  return createHash("sha256").update(sums.join("")).digest("hex");
}

/** Compares a set with the digests it must have; one line per file that is wrong, missing or too many. */
export function problemsOf(set: SchemaSet, digests: Digests): string[] {
  const problems: string[] = [];
  for (const [name, text] of set) {
    const expected = digests[name];
    if (expected === undefined) {
      problems.push(`${name}.json: extra, digests.json does not name it`);
      continue;
    }
    try {
      const actual = digest(JSON.parse(text));
      if (actual !== expected) problems.push(`${name}.json: digest is ${actual}, expected ${expected}`);
    } catch (error) {
      problems.push(`${name}.json: not JSON: ${reasonOf(error)}`);
    }
  }
  for (const name of Object.keys(digests)) if (!set.has(name)) problems.push(`${name}.json: missing`);
  return problems;
}
