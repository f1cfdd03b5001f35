import type { EnumType } from "../model/model.ts";

/** How the validators check the enums of a version: a function for each distinct set of values, and the calls to them. */
export interface EnumChecks {
  /** The functions. */
  readonly code: readonly string[];
  /** The call that checks a value against an enum. */
  call(name: string, value: string): string;
}

// A switch over literals is faster than a look-up in a set, and no larger when it is compressed.
function checkFunction(name: string, { values, tolerated }: EnumType): string {
  const quirks = tolerated.map(
    ({ bit, value }) =>
      `    case ${JSON.stringify(value)}:\n      return tolerated & ${bit} ? undefined : otherValue(value, tolerated);\n`,
  );
  return [
    `function ${name}(value: unknown, tolerated: number): Violation | undefined {\n`,
    "  switch (value) {\n",
    ...values.map((value) => `    case ${JSON.stringify(value)}:\n`),
    "      return undefined;\n",
    ...quirks,
    "    default:\n      return otherValue(value, tolerated);\n",
    "  }\n}\n",
  ].join("");
}

/** Enums that accept the same share a function, named after the first of them. */
export function enumChecks(enums: readonly EnumType[]): EnumChecks {
  const names = new Map<string, string>();
  const functions = new Map<string, string>();
  const code: string[] = [];
  for (const type of enums) {
    const accepted = JSON.stringify([type.values, type.tolerated]);
    const name = functions.get(accepted) ?? `check${type.name}`;
    if (!functions.has(accepted)) code.push(checkFunction(name, type));
    functions.set(accepted, name);
    names.set(type.name, name);
  }
  return { code, call: (name, value) => `${names.get(name)}(${value}, tolerated)` };
}
