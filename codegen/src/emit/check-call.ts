import type { FieldType } from "../model/model.ts";
import type { EnumChecks } from "./enum-checks.ts";
import { validatorName } from "./validator-name.ts";

/** Builds the calls that check values; collects the functions that arrays need for their items on the way. */
export interface CheckCalls {
  /** The call that checks a value against a type; undefined where everything is allowed. */
  of(type: FieldType, value: string): string | undefined;
  /** The functions that check items of arrays with parameters of their own, sorted by name. */
  itemFunctions(): string[];
}

const bound = (value: number | undefined, open: string): string => (value === undefined ? open : String(value));

function itemBounds(min: number | undefined, max: number | undefined): string {
  if (min === undefined && max === undefined) return "";
  return max === undefined ? `, ${min}` : `, ${min ?? 0}, ${max}`;
}

/** A name for the function that makes a call, from the call: `checkStringUpTo(value, tolerated, 50)` is `item50`'s. */
function itemName(call: string): string {
  const [, check = "", parameters = ""] = /^check(\w+)\(value, tolerated, (.*)\)$/.exec(call) ?? [];
  return `item${check}${parameters.replace(/\W+/g, "_")}`;
}

/** Makes the calls for one version. */
export function checkCalls(enums: EnumChecks): CheckCalls {
  const functions = new Map<string, string>();
  // A closure with the parameters would be allocated on each validation, so such items get a function.
  const itemCheck = (items: FieldType): string => {
    const call = of(items, "value");
    if (call === undefined) throw new Error("arrays of anything are not supported");
    const plain = /^(\w+)\(value, tolerated\)$/.exec(call);
    if (plain?.[1] !== undefined) return plain[1];
    const name = itemName(call);
    functions.set(
      name,
      `function ${name}(value: unknown, tolerated: number): Violation | undefined {\n  return ${call};\n}\n`,
    );
    return name;
  };
  const of = (type: FieldType, value: string): string | undefined => {
    switch (type.kind) {
      case "any":
        return undefined;
      case "boolean":
        return `checkBoolean(${value}, tolerated)`;
      case "date-time":
        return `checkDateTime(${value}, tolerated)`;
      case "uri":
        return `checkUri(${value}, tolerated)`;
      case "multiple":
        return `checkMultiple(${value}, tolerated, ${type.of})`;
      case "object":
        return `${validatorName(type.name)}(${value}, tolerated)`;
      case "enum":
        return enums.call(type.name, value);
      case "array":
        return `checkArray(${value}, tolerated, ${itemCheck(type.items)}${itemBounds(type.minItems, type.maxItems)})`;
      case "string":
        if (type.maxLength === undefined) return `checkString(${value}, tolerated)`;
        return `checkStringUpTo(${value}, tolerated, ${type.maxLength})`;
      default: {
        const check = type.kind === "integer" ? "checkInteger" : "checkNumber";
        if (type.minimum === undefined && type.maximum === undefined) return `${check}(${value}, tolerated)`;
        return `${check}In(${value}, tolerated, ${bound(type.minimum, "-Infinity")}, ${bound(type.maximum, "Infinity")})`;
      }
    }
  };
  const itemFunctions = (): string[] => [...functions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, code]) => code);
  return { of, itemFunctions };
}
