import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SchemaSet } from "./schema-set.ts";

/** Puts a folder in the place of another: written whole beside it first, so a failure leaves the old one as it was. */
export function replaceSet(folder: string, set: SchemaSet): void {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(join(dirname(folder), `.${basename(folder)}-new-`));
  const old = `${fresh}-old`;
  try {
    for (const [name, text] of set) writeFileSync(join(fresh, `${name}.json`), text);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
  } catch (error) {
    if (existsSync(old) && !existsSync(folder)) renameSync(old, folder);
    throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
