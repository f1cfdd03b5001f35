import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EmittedFile } from "../emit/file.ts";
import { driftOf, isClean, ownedFolders } from "./drift.ts";

/** A package to be written: its folder and everything that is to stand in it. */
export interface PackageFiles {
  readonly folder: string;
  readonly files: readonly EmittedFile[];
}

const stagingName = ".codegen-new";
const backupName = ".codegen-old";

function stage({ folder, files }: PackageFiles): void {
  const staging = join(folder, stagingName);
  rmSync(staging, { recursive: true, force: true });
  for (const { path, text } of files) {
    const target = join(staging, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** What is replaced as a whole: the owned folders, and the files that stand beside them. */
function topEntries(files: readonly EmittedFile[]): string[] {
  const beside = files.map(({ path }) => path).filter((path) => !path.includes("/"));
  return [...ownedFolders, ...beside];
}

function swap({ folder, files }: PackageFiles): void {
  const backup = join(folder, backupName);
  const moved: string[] = [];
  rmSync(backup, { recursive: true, force: true });
  mkdirSync(backup);
  try {
    for (const entry of topEntries(files)) {
      if (existsSync(join(folder, entry))) renameSync(join(folder, entry), join(backup, entry));
      moved.push(entry);
      if (existsSync(join(folder, stagingName, entry)))
        renameSync(join(folder, stagingName, entry), join(folder, entry));
    }
  } catch (error) {
    for (const entry of moved) {
      rmSync(join(folder, entry), { recursive: true, force: true });
      if (existsSync(join(backup, entry))) renameSync(join(backup, entry), join(folder, entry));
    }
    throw error;
  } finally {
    rmSync(backup, { recursive: true, force: true });
  }
}

/**
 * Writes packages: all of them beside their old files first, then each in their place, so that what fails leaves the old
 * files as they were. A package that is up to date is not touched. Returns the folders that were written.
 */
export function writePackages(packages: readonly PackageFiles[]): string[] {
  const stale = packages.filter(({ folder, files }) => !isClean(driftOf(folder, files)));
  try {
    for (const one of stale) stage(one);
    for (const one of stale) swap(one);
  } finally {
    for (const { folder } of stale) rmSync(join(folder, stagingName), { recursive: true, force: true });
  }
  return stale.map(({ folder }) => folder);
}
