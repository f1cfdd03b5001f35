import type { ImportOptions, ImportResult } from "../store/import-lines.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { readLines } from "./json-lines.ts";

/** Imports the lines of a file, or of standard input; rejects as `importLines` does, with the file in front of what is wrong. */
export async function importFile(
  store: Store,
  file: string | undefined,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { importLines } = await import("../store/import-lines.ts");
  try {
    return await importLines(store, readLines(file), options);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StoreError(error.code, `${file ?? "standard input"}: ${error.message}`, { cause: error.cause });
  }
}
