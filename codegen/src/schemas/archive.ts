import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";
import { reasonOf } from "../json.ts";

/** A JSON file found in an archive or folder: where it was, for messages, and its text. */
export interface ArchiveFile {
  readonly path: string;
  readonly text: string;
}

// The largest official schema has 60 KB and the largest archive a few hundred files; these are generous and still safe.
const limits = { file: 4 * 1024 * 1024, archive: 256 * 1024 * 1024, files: 5000, depth: 4 };

interface Budget {
  files: number;
  bytes: number;
}

const isNoise = (path: string): boolean => /(^|\/)(__MACOSX|\.)/.test(path);

function spend(budget: Budget, path: string, bytes: number): void {
  budget.files++;
  budget.bytes += bytes;
  if (budget.files > limits.files) throw new Error(`${path}: more than ${limits.files} files`);
  if (budget.bytes > limits.archive) throw new Error(`${path}: more than ${limits.archive} bytes in all`);
}

/** Refuses names that would leave the folder they are unpacked into, although nothing here is unpacked to disk. */
function checkName(archive: string, name: string): void {
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name) || name.split(/[\\/]/).includes("..") || name.includes("\0"))
    throw new Error(`${archive}: refuses the entry ${JSON.stringify(name)}, which points outside the archive`);
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${path}: not UTF-8`, { cause: error });
  }
}

function unzip(path: string, bytes: Uint8Array, budget: Budget): Record<string, Uint8Array> {
  let archive: Record<string, Uint8Array>;
  try {
    archive = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        checkName(path, name);
        if (isNoise(name) || !/\.(json|zip)$/i.test(name)) return false;
        const limit = /\.zip$/i.test(name) ? limits.archive : limits.file;
        if (originalSize > limit) throw new Error(`${path}: ${name} has ${originalSize} bytes, more than ${limit}`);
        spend(budget, `${path}/${name}`, originalSize);
        return true;
      },
    });
  } catch (error) {
    const reason = reasonOf(error);
    const message = reason.startsWith(path) ? reason : `${path}: not a readable zip archive: ${reason}`;
    throw new Error(message, { cause: error });
  }
  return archive;
}

function* fromBytes(path: string, bytes: Uint8Array, depth: number, budget: Budget): Generator<ArchiveFile> {
  if (/\.json$/i.test(path)) {
    yield { path, text: decode(path, bytes) };
  } else if (/\.zip$/i.test(path)) {
    if (depth >= limits.depth) throw new Error(`${path}: archives nested deeper than ${limits.depth}`);
    for (const [name, content] of Object.entries(unzip(path, bytes, budget)).sort(([a], [b]) => (a < b ? -1 : 1)))
      yield* fromBytes(`${path}/${name}`, content, depth + 1, budget);
  }
}

function* fromPath(path: string, depth: number, budget: Budget): Generator<ArchiveFile> {
  const stat = statSync(path);
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) if (!isNoise(name)) yield* fromPath(join(path, name), depth, budget);
  } else if (/\.(json|zip)$/i.test(path)) {
    const limit = /\.zip$/i.test(path) ? limits.archive : limits.file;
    if (stat.size > limit) throw new Error(`${path}: ${stat.size} bytes, more than ${limit}`);
    spend(budget, path, stat.size);
    yield* fromBytes(path, readFileSync(path), depth, budget);
  }
}

/**
 * Every JSON file in a zip archive or a folder, also in archives and folders inside it. Throws, with the path, on names
 * that point outside, on more than {@link limits} allow and on archives that cannot be read.
 */
export function readArchive(path: string): ArchiveFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Error(`${path}: no such file or folder`);
  if (stat.isFile() && !/\.zip$/i.test(basename(path))) throw new Error(`${path}: neither a folder nor a zip archive`);
  return [...fromPath(path, 0, { files: 0, bytes: 0 })];
}
