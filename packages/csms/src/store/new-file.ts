import { existsSync } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreError } from "./store-error.ts";

/** The file that `writeNewFile` fills. */
export function partOf(file: string): string {
  return `${file}.part`;
}

/**
 * Makes a file that was not there: `write` fills one beside it, which gets the name once all of it is on the disk. So a
 * file of that name is always whole. Rejects with a StoreError where there is a file of that name, and leaves that alone.
 */
export async function writeNewFile(file: string, write: (part: string) => Promise<void>): Promise<void> {
  const refuse = (cause?: unknown): never => {
    throw new StoreError("failed", `${file} exists: take another name, files are not overwritten`, { cause });
  };
  if (existsSync(file)) refuse();
  const folder = dirname(file);
  if (!existsSync(folder)) throw new StoreError("failed", `${file} cannot be written: there is no folder ${folder}`);
  const part = partOf(file);
  try {
    await rm(part, { force: true });
    await write(part);
    await flush(part);
    await link(part, file).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === "EEXIST") refuse(error);
      throw error;
    });
    await flush(folder);
  } finally {
    await rm(part, { force: true });
  }
}

/** Waits until a file, or the names in a folder, are on the disk. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
