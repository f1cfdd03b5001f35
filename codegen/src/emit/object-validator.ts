import type { Field, ObjectType } from "../model/model.ts";
import { checkCall } from "./check-call.ts";
import { bracketed } from "./layout.ts";
import { validatorName } from "./validator-name.ts";

const head = (name: string): string =>
  `export function ${validatorName(name)}(value: unknown, tolerated = 0): Violation | undefined {\n  if (!isObject(value)) return wrongType("an object", tolerated);\n`;

/** What a field that is there goes through: it is marked as seen, and checked. */
function fieldCase({ name, type }: Field, bit: number | undefined): string {
  const steps = [
    ...(bit === undefined ? [] : [`seen |= ${bit};`]),
    ...[checkCall(type, "field")].filter((call) => call !== undefined).map((call) => `found = ${call};`),
  ];
  const [only = ""] = steps;
  const body =
    steps.length === 0
      ? ""
      : steps.length === 1
        ? `        if (field !== undefined) ${only}\n`
        : `        if (field !== undefined) {\n${steps.map((step) => `          ${step}\n`).join("")}        }\n`;
  return `      case "${name}":\n${body}        break;\n`;
}

function closedObject({ name, fields }: ObjectType): string {
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
  if (fields.length === 0)
    return `${head(name)}  const [key] = Object.keys(value);\n  return key === undefined || tolerated & unknownPropertyBit ? undefined : unknownProperty(key);\n}\n`;
  return [
    head(name),
    required.length === 0 ? "" : "  let seen = 0;\n",
    "  for (const key in value) {\n",
    "    const field = value[key];\n",
    "    let found: Violation | undefined;\n",
    "    switch (key) {\n",
    ...fields.map((field) => fieldCase(field, bits.get(field))),
    "      default:\n",
    "        if (!(tolerated & unknownPropertyBit)) return unknownProperty(key);\n",
    "    }\n",
    "    if (found !== undefined) return inside(key, found);\n",
    "  }\n",
    end,
    "}\n",
  ].join("");
}

/** An open object is not walked: only the fields that are known are looked up. */
function openObject({ name, fields }: ObjectType): string {
  const lines = fields.flatMap((field) => {
    const key = `"${field.name}"`;
    const call = checkCall(field.type, field.name);
    return [
      `  const ${field.name} = Object.hasOwn(value, ${key}) ? value[${key}] : undefined;\n`,
      field.required ? `  if (${field.name} === undefined) return missingProperty(0, [${key}], tolerated);\n` : "",
      call === undefined ? "" : `  const found = ${call};\n  if (found !== undefined) return inside(${key}, found);\n`,
    ];
  });
  return `${head(name)}${lines.join("")}  return undefined;\n}\n`;
}

/** The function that validates an object type. */
export function objectValidator(type: ObjectType): string {
  return type.open ? openObject(type) : closedObject(type);
}
