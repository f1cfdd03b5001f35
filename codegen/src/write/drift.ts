import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmittedFile } from "../emit/file.ts";

/** The folders of a package that belong to codegen as a whole. */
export const ownedFolders = ["schemas", "src"];

/** How the files of a package on disk differ from what they should be, by path. */
export interface Drift {
  readonly differing: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Paths of all files below a folder of a package. */
function filesBelow(packageFolder: string, folder: string): string[] {
  const path = join(packageFolder, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(packageFolder, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}

/** Compares a package on disk with the files that codegen makes. */
export function driftOf(packageFolder: string, files: readonly EmittedFile[]): Drift {
  const known = new Set(files.map(({ path }) => path));
  const missing = files.filter(({ path }) => !existsSync(join(packageFolder, path)));
  const differing = files.filter(
    (file) => !missing.includes(file) && readFileSync(join(packageFolder, file.path), "utf8") !== file.text,
  );
  const onDisk = ownedFolders.flatMap((folder) => filesBelow(packageFolder, folder));
  return {
    differing: differing.map(({ path }) => path),
    missing: missing.map(({ path }) => path),
    extra: onDisk.filter((path) => !known.has(path)).sort(),
  };
}

/** Whether there is no difference. */
export function isClean({ differing, missing, extra }: Drift): boolean {
  return differing.length + missing.length + extra.length === 0;
}
