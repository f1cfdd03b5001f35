import type { Model } from "../model/model.ts";
import { checkCalls } from "./check-call.ts";
import { checkCode } from "./check-code.ts";
import { enumChecks } from "./enum-checks.ts";
import type { EmittedFile } from "./file.ts";
import { header } from "./layout.ts";
import { objectValidator } from "./object-validator.ts";

const introduction = `
// One function per type, all in this module: a value goes in, the first violation or nothing comes out. Keys are walked
// once; a path is put together only while a violation returns, so a valid message allocates nothing. A known key that
// holds undefined counts as absent, as it does when the value is written as JSON. Only own properties count, and asking
// for them in full costs nothing: inside a loop over the keys, engines know the answer.

`;

/** `validators.ts`: a validator for each object type, with the checks that they share. */
export function emitValidatorFile(model: Model, checks: readonly string[]): EmittedFile {
  const enums = enumChecks(model.enums);
  const calls = checkCalls(enums);
  // Requests among requests and responses among responses: what is alike stands close together, which compresses best.
  const requests = model.actions.map(({ request }) => request);
  const responses = model.actions.flatMap(({ response }) => response ?? []);
  const validators = [...model.shared, ...requests, ...responses].map((type) => objectValidator(type, calls));
  const code = [...enums.code, ...calls.itemFunctions(), ...validators].join("\n");
  return { path: "src/validators.ts", text: `${header(model)}${introduction}${checkCode(checks, code)}\n${code}` };
}
