import type { Field, ObjectType } from "../model/model.ts";
import type { CheckCalls } from "./check-call.ts";
import { bracketed } from "./layout.ts";
import { validatorName } from "./validator-name.ts";

const head = (name: string): string =>
  `export function ${validatorName(name)}(value: unknown, tolerated = 0): Violation | undefined {\n  if (!isObject(value)) return wrongType("an object", tolerated);\n`;

/** What happens to a field: it is marked as seen if it is required, and checked. */
function fieldCase({ name, type }: Field, bit: number | undefined, calls: CheckCalls): string {
  const call = calls.of(type, "field");
  return [
    `      case "${name}":\n`,
    bit === undefined ? "" : `        seen |= ${bit};\n`,
    call === undefined ? "" : `        found = ${call};\n`,
    "        break;\n",
  ].join("");
}

function emptyObject(name: string): string {
  return [
    head(name),
    "  for (const key in value) {\n",
    "    if (!Object.prototype.hasOwnProperty.call(value, key)) continue;\n",
    "    if (!(tolerated & unknownPropertyBit)) return unknownProperty(key);\n",
    "  }\n",
    "  return undefined;\n",
    "}\n",
  ].join("");
}

function closedObject({ name, fields }: ObjectType, calls: CheckCalls): string {
  const required = fields.filter((field) => field.required);
  const bits = new Map(required.map((field, index) => [field, 2 ** index]));
  const all = 2 ** required.length - 1;
  const end =
    required.length === 0
      ? "  return undefined;\n"
      : `  if (seen === ${all}) return undefined;\n${bracketed(
          "return missingProperty(seen, ",
          ["[", "]"],
          required.map((field) => `"${field.name}"`),
          ", tolerated);",
          2,
        )}`;
  const counts = required.length > 0;
  if (fields.length === 0) return emptyObject(name);
  return [
    head(name),
    counts ? "  let seen = 0;\n" : "",
    "  for (const key in value) {\n",
    "    if (!Object.prototype.hasOwnProperty.call(value, key)) continue;\n",
    "    const field = value[key];\n",
    counts ? "    const before = seen;\n" : "",
    "    let found: Violation | undefined;\n",
    "    switch (key) {\n",
    ...fields.map((field) => fieldCase(field, bits.get(field), calls)),
    "      default:\n",
    "        if (!(tolerated & unknownPropertyBit)) return unknownProperty(key);\n",
    "    }\n",
    counts
      ? "    if (field === undefined) seen = before;\n    else if (found !== undefined) return inside(key, found);\n"
      : "    if (found !== undefined && field !== undefined) return inside(key, found);\n",
    "  }\n",
    end,
    "}\n",
  ].join("");
}

/** An open object is not walked: only the fields that are known are looked up. */
function openObject({ name, fields }: ObjectType, calls: CheckCalls): string {
  const steps = fields.map((field) => {
    const key = `"${field.name}"`;
    const call = calls.of(field.type, field.name);
    const missing = `if (!(tolerated & requiredBit)) return missingProperty(0, [${key}], tolerated);`;
    return [
      `  const ${field.name} = Object.prototype.hasOwnProperty.call(value, ${key}) ? value[${key}] : undefined;\n`,
      field.required ? `  if (${field.name} === undefined) {\n    ${missing}\n  }\n` : "",
      call === undefined
        ? ""
        : `  if (${field.name} !== undefined) {\n    const found = ${call};\n    if (found !== undefined) return inside(${key}, found);\n  }\n`,
    ].join("");
  });
  return `${head(name)}${steps.join("").replaceAll(/ {2}\}\n {2}if \(\w+ !== undefined\) \{/g, "  } else {")}  return undefined;\n}\n`;
}

/** The function that validates an object type. */
export function objectValidator(type: ObjectType, calls: CheckCalls): string {
  return type.open ? openObject(type, calls) : closedObject(type, calls);
}
