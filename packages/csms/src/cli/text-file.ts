import { readFileSync } from "node:fs";

/** Reads a text file; undefined where there is none, and throws where it cannot be read. */
export function readExisting(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
