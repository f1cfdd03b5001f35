import * as v16 from "@ocpp/v16";
import * as v21 from "@ocpp/v21";
import * as v201 from "@ocpp/v201";
import type { Version } from "./schema.ts";
import type { Validator } from "./violation.ts";

/** The generated packages as their users see them. */
export const packages: Readonly<Record<Version, Readonly<Record<string, unknown>>>> = {
  "1.6": v16,
  "2.0.1": v201,
  "2.1": v21,
};

/** The generated validator of a message. Throws when the package has none, so no message is skipped in silence. */
export function validatorOf(version: Version, message: string): Validator {
  const validator = packages[version][`validate${message}`];
  if (!isValidator(validator)) throw new Error(`the package of OCPP ${version} has no validate${message}`);
  return validator;
}

/** Every validator that a package exports, of messages and of shared types, by name. */
export function validatorsOf(version: Version): [string, Validator][] {
  const exported = Object.entries(packages[version]).filter(([name]) => name.startsWith("validate"));
  return exported.flatMap(([name, value]): [string, Validator][] => (isValidator(value) ? [[name, value]] : []));
}

function isValidator(value: unknown): value is Validator {
  return typeof value === "function";
}
