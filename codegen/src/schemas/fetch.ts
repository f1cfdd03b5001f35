import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Digests, readDigests } from "./digests.ts";
import { elements, print } from "./json-text.ts";
import { messageName } from "./message-name.ts";
import { problemsOf, type SchemaSet, setHash, sortedSet } from "./schema-set.ts";
import { type Source, type SourceSet, sources } from "./source.ts";
import { replaceSet } from "./storage.ts";
import { checkIntegrity, fileOf } from "./tarball.ts";
import type { Version } from "./version.ts";

/** Downloads the tarball of a package by name and version; npm knows where packages come from. */
function download(source: Source): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-schemas-"));
  try {
    const words = ["pack", `${source.name}@${source.version}`, "--json", "--ignore-scripts", "--loglevel=error"];
    const output = execFileSync("npm", words, { cwd: folder, encoding: "utf8" });
    const packed = JSON.parse(output) as { filename: string }[];
    return readFileSync(join(folder, packed[0]?.filename ?? ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The name of the message that a schema of a set describes, from its `$id`. */
function nameOf(schema: string, path: string, known: Digests): string {
  const { $id = "" } = JSON.parse(schema) as { $id?: string };
  const name = messageName($id.slice($id.lastIndexOf(":") + 1), known);
  if (name === undefined) throw new Error(`${path}: no message name in $id ${JSON.stringify($id)}`);
  return name;
}

/** Splits the one file of a source into a file per message, laid out as the set demands. */
export function splitSet(text: string, set: SourceSet, known: Digests): SchemaSet {
  const entries = elements(text).map((parts): [string, string] => {
    const schema = print(parts, set.layout);
    return [nameOf(schema, set.path, known), schema];
  });
  const names = new Set(entries.map(([name]) => name));
  if (names.size !== entries.length) throw new Error(`${set.path}: two schemas for one message`);
  return sortedSet(entries);
}

/**
 * Downloads both packages, checks their hashes, splits them and verifies every message. Nothing is written until all of
 * it is right.
 */
export function fetchSchemas(folder: string, log: (line: string) => void): void {
  const sets = new Map<Version, SchemaSet>();
  for (const source of sources) {
    const label = `${source.name}@${source.version}`;
    log(`${label}: downloading`);
    const tarball = download(source);
    checkIntegrity(tarball, source.integrity, label);
    for (const part of source.sets) {
      const digests = readDigests(folder, part.version);
      const set = splitSet(fileOf(tarball, part.path), part, digests);
      const problems = problemsOf(set, digests);
      if (problems.length > 0) throw new Error(problems.map((problem) => `${part.version}/${problem}`).join("\n"));
      sets.set(part.version, set);
      log(`${label}: ${part.version}, ${set.size} messages, every digest as expected`);
    }
  }
  for (const [version, set] of sets) {
    replaceSet(join(folder, version), set);
    log(`schemas/${version}: ${set.size} files, sha256 of the set ${setHash(set)}`);
  }
}
