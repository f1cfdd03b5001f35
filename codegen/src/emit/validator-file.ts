import type { EnumType, Model, ObjectType } from "../model/model.ts";
import { itemFunctions } from "./check-call.ts";
import { checkCode } from "./check-code.ts";
import type { EmittedFile } from "./file.ts";
import { bracketed, header } from "./layout.ts";
import { objectValidator } from "./object-validator.ts";
import { validatorName } from "./validator-name.ts";

const introduction = `
// One function per type, all in this module: a value goes in, the first violation or nothing comes out. Keys are walked
// once; a path is put together only while a violation returns, so a valid message allocates nothing.

`;

const listOf = (values: readonly string[]): string => values.join("\n");

/** Name of the constant that holds the values of an enum; enums with the same values share the first one's. */
function setNames(enums: readonly EnumType[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name, values } of enums) {
    const key = listOf(values);
    if (!names.has(key)) names.set(key, `valuesOf${name}`);
  }
  return names;
}

function valueSet(name: string, list: string): string {
  const values = list.split("\n").map((value) => JSON.stringify(value));
  return bracketed(`const ${name}: ReadonlySet<string> = /* @__PURE__ */ new Set(`, ["[", "]"], values, ");");
}

function enumValidator({ name, values, tolerated }: EnumType, sets: ReadonlyMap<string, string>): string {
  const quirks = tolerated.map(
    ({ bit, value }) => `  if (tolerated & ${bit} && value === ${JSON.stringify(value)}) return undefined;\n`,
  );
  return [
    `export function ${validatorName(name)}(value: unknown, tolerated = 0): Violation | undefined {\n`,
    ...quirks,
    `  return checkEnum(value, ${sets.get(listOf(values))}, tolerated);\n`,
    "}\n",
  ].join("");
}

/** `validators.ts`: the validators of every type, with the checks that they share. */
export function emitValidatorFile(model: Model, checks: readonly string[]): EmittedFile {
  const { actions, shared, enums } = model;
  const messages = actions.flatMap(({ request, response }): ObjectType[] =>
    response === undefined ? [request] : [request, response],
  );
  const objects = [...shared, ...messages];
  const sets = setNames(enums);
  const items = itemFunctions(objects.flatMap(({ fields }) => fields.map(({ type }) => type)));
  const code = [
    [...sets].map(([list, name]) => valueSet(name, list)).join(""),
    ...enums.map((type) => enumValidator(type, sets)),
    ...[...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
    ...objects.map(objectValidator),
  ].join("\n");
  return { path: "src/validators.ts", text: `${header(model)}${introduction}${checkCode(checks, code)}\n${code}` };
}
