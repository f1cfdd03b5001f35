import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fence, fencesOf, withCode } from "./fence.ts";
import { cutRegion, importsFor } from "./region.ts";

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

const skipped = new Set(["node_modules", "dist", "coverage"]);

/** The Markdown files of the repository, as paths from its root. */
export function documents(): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name) && !/^\.(?!changeset)/.test(entry.name)) walk(path);
      else if (entry.isFile() && entry.name.endsWith(".md")) found.push(path);
    }
  };
  walk("");
  return found.sort();
}

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The fences of a document, with its path. */
export function fencesIn(path: string): (Fence & { readonly path: string })[] {
  return fencesOf(textOf(path)).map((fence) => ({ ...fence, path }));
}

/** What a document looks like when its fences say what the programs say that they are cut from. Throws where one is gone. */
export function synced(path: string): string {
  return withCode(textOf(path), ({ source, imports, line }) => {
    if (source === undefined) return undefined;
    const [file = "", region] = source.split("#");
    try {
      const program = textOf(file);
      const code = cutRegion(program, region);
      return imports ? importsFor(program, code) + code : code;
    } catch (error) {
      throw new Error(`${path}:${line}: ${source}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
}
