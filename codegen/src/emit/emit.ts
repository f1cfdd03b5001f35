import type { MergedDocument } from "../merge/merge.ts";
import type { Model } from "../model/model.ts";
import type { Source } from "../read/source.ts";
import { emitActionFile } from "./action-file.ts";
import { compileTypes } from "./compiled-types.ts";
import { emitEditionFile } from "./edition-file.ts";
import { emitEnumFile } from "./enum-file.ts";
import type { EmittedFile } from "./file.ts";
import { emitIndexFile } from "./index-file.ts";
import { emitProtocolFile } from "./protocol-file.ts";
import { emitReadmeFile } from "./readme-file.ts";
import { emitTypeFiles } from "./type-files.ts";
import { emitValidatorFile } from "./validator-file.ts";

/** Writes every machine-made file of a package, in memory; the raw schemas go along as they are. Pure. */
export async function emit(
  source: Source,
  merged: MergedDocument,
  model: Model,
  checks: readonly string[],
): Promise<EmittedFile[]> {
  const types = await compileTypes(merged);
  const schemas = [...source.schemas].map(([name, text]) => ({ path: `schemas/${name}.json`, text }));
  return [
    emitReadmeFile(model),
    ...schemas,
    emitActionFile(model),
    emitEditionFile(model),
    emitEnumFile(model, types),
    emitIndexFile(model),
    emitProtocolFile(model),
    ...emitTypeFiles(model, types),
    emitValidatorFile(model, checks),
  ];
}
