import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Version } from "./version.ts";

/** Message name to digest, for one version. */
export type Digests = { readonly [message: string]: string };

/** Reads the expected digests of a version from `schemas/digests.json`. */
export function readDigests(folder: string, version: Version): Digests {
  const all = JSON.parse(readFileSync(join(folder, "digests.json"), "utf8")) as { [version: string]: Digests };
  return all[version] ?? {};
}
