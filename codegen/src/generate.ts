import { emit } from "./emit/emit.ts";
import type { EmittedFile } from "./emit/file.ts";
import { merge } from "./merge/merge.ts";
import { buildModel } from "./model/build-model.ts";
import type { Source } from "./read/source.ts";

/** A package in memory, with the counts that the command line shows. */
export interface GeneratedPackage {
  /** Folder below `generated/`. */
  readonly name: string;
  readonly files: readonly EmittedFile[];
  readonly messages: number;
  readonly types: number;
  readonly validators: number;
}

/** The pure middle of the pipeline: the same source and checks always give the same files. */
export async function generate(source: Source, checks: readonly string[]): Promise<GeneratedPackage> {
  const merged = merge(source);
  const model = buildModel(source, merged);
  const files = await emit(source, merged, model, checks);
  return {
    name: source.edition.name,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    messages: merged.messages.length,
    types: merged.types.size,
    validators: model.shared.length + merged.messages.length,
  };
}
