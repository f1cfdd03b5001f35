import type { FieldType } from "../model/model.ts";
import { validatorName } from "./validator-name.ts";

const bound = (value: number | undefined, open: string): string => (value === undefined ? open : String(value));

/** The call that checks a value against a type; undefined where everything is allowed. */
export function checkCall(type: FieldType, value: string): string | undefined {
  switch (type.kind) {
    case "any":
      return undefined;
    case "boolean":
      return `checkBoolean(${value}, tolerated)`;
    case "date-time":
      return `checkDateTime(${value}, tolerated)`;
    case "uri":
      return `checkUri(${value}, tolerated)`;
    case "string":
      return type.maxLength === undefined
        ? `checkString(${value}, tolerated)`
        : `checkStringUpTo(${value}, ${type.maxLength}, tolerated)`;
    case "integer":
    case "number": {
      const name = type.kind === "integer" ? "checkInteger" : "checkNumber";
      if (type.minimum === undefined && type.maximum === undefined) return `${name}(${value}, tolerated)`;
      return `${name}In(${value}, ${bound(type.minimum, "-Infinity")}, ${bound(type.maximum, "Infinity")}, tolerated)`;
    }
    case "multiple":
      return `checkMultiple(${value}, ${type.of}, tolerated)`;
    case "reference":
      return `${validatorName(type.name)}(${value}, tolerated)`;
    case "array": {
      const min = bound(type.minItems, "0");
      return `checkArray(${value}, ${itemCheck(type.items)}, ${min}, ${bound(type.maxItems, "Infinity")}, tolerated)`;
    }
  }
}

/**
 * Name of a function that checks the items of an array. A call with parameters of its own needs a function for it, see
 * {@link itemFunctions}: a closure would be allocated on each validation.
 */
function itemCheck(type: FieldType): string {
  const call = checkCall(type, "value");
  if (call === undefined) throw new Error("arrays of anything are not supported");
  const plain = /^(\w+)\(value, tolerated\)$/.exec(call);
  return plain?.[1] ?? itemName(call);
}

const itemName = (call: string): string =>
  `item${call
    .replace(/^check/, "")
    .replace("value, ", "")
    .replace(/, tolerated\)$/, "")
    .replace(/\W+/g, "_")}`;

/** The functions that {@link itemCheck} names, for all arrays of some types. */
export function itemFunctions(types: readonly FieldType[]): Map<string, string> {
  const functions = new Map<string, string>();
  for (const type of types) {
    if (type.kind !== "array") continue;
    for (const [name, code] of itemFunctions([type.items])) functions.set(name, code);
    const call = checkCall(type.items, "value");
    const name = itemCheck(type.items);
    if (call !== undefined && call !== `${name}(value, tolerated)` && !functions.has(name))
      functions.set(
        name,
        `function ${name}(value: unknown, tolerated = 0): Violation | undefined {\n  return ${call};\n}\n`,
      );
  }
  return functions;
}
