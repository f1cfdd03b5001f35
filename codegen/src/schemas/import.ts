import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson, reasonOf } from "../json.ts";
import { readArchive } from "./archive.ts";
import { differences } from "./difference.ts";
import { digest } from "./digest.ts";
import { readDigests } from "./digests.ts";
import { messageName } from "./message-name.ts";
import { readSet, type SchemaSet, sortedSet } from "./schema-set.ts";
import { replaceSet } from "./storage.ts";
import { isVersion, type Version, versions } from "./version.ts";

/** What the command line may ask of an import. */
export interface ImportOptions {
  /** Report only. */
  readonly dryRun: boolean;
  /** Take over messages that accept something else than before, and their new digests. */
  readonly accept: boolean;
  /** Which version to take from an archive that holds several, or whose files do not tell. */
  readonly version?: Version | undefined;
}

interface Candidate {
  readonly path: string;
  readonly version: Version | undefined;
  readonly text: string;
}

/** How one message of an archive relates to the file that stands in `schemas/`. */
export interface Comparison {
  readonly name: string;
  readonly state: "same" | "text" | "differs" | "missing" | "extra";
  /** For `differs`: one line per place. */
  readonly where: readonly string[];
}

/** The version a schema says it belongs to, from its id and comment. */
export function versionOf(schema: JsonObject): Version | undefined {
  const said = [schema["$id"], schema["id"], schema["comment"]].filter((text) => typeof text === "string").join(" ");
  if (/urn:(OCPP:(Cp:)?)?1\.6:/.test(said) || /urn:\w+\.(req|conf)/.test(said)) return "1.6";
  if (/OCPP 2\.0\.1|urn:OCPP:Cp:2:2020:/.test(said)) return "2.0.1";
  if (/OCPP 2\.1|urn:OCPP:Cp:2:2025:/.test(said)) return "2.1";
  return undefined;
}

function candidates(path: string): Candidate[] {
  const found: Candidate[] = [];
  for (const file of readArchive(path)) {
    let schema: Json;
    try {
      schema = parseJson(file.text.replace(/^\uFEFF/, ""));
    } catch (error) {
      throw new Error(`${file.path}: not JSON: ${reasonOf(error)}`, { cause: error });
    }
    if (!isJsonObject(schema) || schema["type"] === undefined) continue;
    found.push({ path: file.path, version: versionOf(schema), text: file.text });
  }
  return found;
}

function chosenVersion(found: readonly Candidate[], asked: Version | undefined, path: string): Version {
  if (asked !== undefined) return asked;
  const told = versions.filter((version) => found.some((candidate) => candidate.version === version));
  const [only] = told;
  if (only === undefined) throw new Error(`${path}: no schema in it tells its OCPP version; name it with --version`);
  if (told.length > 1) throw new Error(`${path}: holds schemas of ${told.join(" and ")}; choose with --version`);
  return only;
}

/** Compares a set with what stands in `schemas/`, message by message. */
export function compareSets(before: SchemaSet, after: SchemaSet): Comparison[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name): Comparison => {
    const old = before.get(name);
    const fresh = after.get(name);
    if (old === undefined) return { name, state: "extra", where: [] };
    if (fresh === undefined) return { name, state: "missing", where: [] };
    if (old === fresh) return { name, state: "same", where: [] };
    const where = differences(JSON.parse(old), JSON.parse(fresh.replace(/^\uFEFF/, "")));
    return { name, state: where.length === 0 ? "text" : "differs", where };
  });
}

function report(comparisons: readonly Comparison[], log: (line: string) => void): void {
  const words: { readonly [S in Comparison["state"]]: string } = {
    same: "same bytes",
    text: "accepts the same, other text",
    differs: "accepts something else",
    missing: "missing in the archive, the old file stays",
    extra: "extra, not known so far",
  };
  for (const { name, state, where } of comparisons) {
    if (state !== "same") log(`  ${name}: ${words[state]}`);
    for (const line of where) log(`    ${line}`);
  }
  for (const state of Object.keys(words) as Comparison["state"][]) {
    const count = comparisons.filter((comparison) => comparison.state === state).length;
    if (count > 0) log(`${count} ${words[state]}`);
  }
}

function writeDigests(folder: string, version: Version, set: SchemaSet): void {
  const path = join(folder, "digests.json");
  const all = JSON.parse(readFileSync(path, "utf8")) as { [version: string]: unknown };
  all[version] = Object.fromEntries([...set].map(([name, text]) => [name, digest(JSON.parse(text))]));
  writeFileSync(path, `${JSON.stringify(all, undefined, 1)}\n`);
}

/**
 * Takes the schemas of an archive from the Open Charge Alliance, bytes as they are, names as here. Reports what differs
 * before it writes; what would change what a message accepts is written only with `accept`.
 */
export function importSchemas(folder: string, path: string, options: ImportOptions, log: (line: string) => void): void {
  const found = candidates(path);
  if (found.length === 0) throw new Error(`${path}: no JSON schema in it`);
  const version = chosenVersion(found, options.version, path);
  const known = readDigests(folder, version);
  const taken = new Map<string, Candidate>();
  for (const candidate of found) {
    const name = messageName(basename(candidate.path), known);
    if (name === undefined || (candidate.version ?? version) !== version) continue;
    const other = taken.get(name);
    if (other !== undefined && other.text !== candidate.text)
      throw new Error(`${candidate.path}: ${name} is also in ${other.path}, with other content`);
    taken.set(name, candidate);
  }
  const after = sortedSet([...taken].map(([name, { text }]) => [name, text.replace(/^\uFEFF/, "")]));
  const before = readSet(join(folder, version));
  const comparisons = compareSets(before, after);
  log(`${path}: OCPP ${version}, ${after.size} messages`);
  report(comparisons, log);
  const changed = comparisons.filter(({ state }) => state === "differs" || state === "extra");
  if (options.dryRun) return;
  if (changed.length > 0 && !options.accept)
    throw new Error(`${changed.length} messages would accept something else; nothing written. Repeat with --accept`);
  const merged = sortedSet([...before, ...after]);
  replaceSet(join(folder, version), merged);
  if (changed.length > 0) writeDigests(folder, version, merged);
  log(`schemas/${version}: ${merged.size} files written`);
}

/** Reads the arguments after `import`. */
export function importArguments(words: readonly string[]): { readonly path: string; readonly options: ImportOptions } {
  let version: Version | undefined;
  const paths: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--version") {
      const value = words[++at] ?? "";
      if (!isVersion(value)) throw new Error(`--version must be one of ${versions.join(", ")}`);
      version = value;
    } else if (word === "--dry-run" || word === "--accept") flags.add(word);
    else if (word.startsWith("-")) throw new Error(`unknown option ${word}`);
    else paths.push(word);
  }
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new Error("import takes one zip archive or folder");
  return { path, options: { dryRun: flags.has("--dry-run"), accept: flags.has("--accept"), version } };
}
