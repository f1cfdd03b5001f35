import type { EnumType } from "../model/model.ts";
import { bracketed } from "./layout.ts";

/** How the validators check the enums of a version: the constants they need, and the call for each enum. */
export interface ValueSets {
  /** Declarations, one per distinct set of values. */
  readonly code: readonly string[];
  /** The call that checks a value against an enum. */
  call(name: string, value: string): string;
}

/** Enums with the same values share a constant, named after the first of them. */
export function valueSets(enums: readonly EnumType[]): ValueSets {
  const constants = new Map<string, string>();
  const calls = new Map<string, (value: string) => string>();
  const code: string[] = [];
  for (const { name, values, tolerated } of enums) {
    const key = values.join("\n");
    const constant = constants.get(key) ?? `valuesOf${name}`;
    if (!constants.has(key)) {
      const list = values.map((value) => JSON.stringify(value));
      const before = `const ${constant}: ReadonlySet<string> = /* @__PURE__ */ new Set(`;
      code.push(bracketed(before, ["[", "]"], list, ");"));
      constants.set(key, constant);
    }
    const check = (value: string): string => `checkEnum(${value}, tolerated, ${constant})`;
    const quirks = tolerated.map(
      ({ bit, value }) => `  if (tolerated & ${bit} && value === ${JSON.stringify(value)}) return undefined;\n`,
    );
    calls.set(name, quirks.length === 0 ? check : (value) => `check${name}(${value}, tolerated)`);
    if (quirks.length > 0)
      code.push(
        `\nfunction check${name}(value: unknown, tolerated: number): Violation | undefined {\n${quirks.join("")}  return ${check("value")};\n}\n`,
      );
  }
  return { code, call: (name, value) => calls.get(name)?.(value) ?? "" };
}
