import type { SettingEntry } from "./setting-list.ts";
import { settingList, variablePrefix } from "./setting-list.ts";
import { didYouMean } from "./suggestion.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that may name the configuration file; the second is that of iclay/ocpp. */
export const fileVariables: readonly string[] = [`${variablePrefix}CONFIG`, "OCPP16_SERVER_CONFIG"];

/** Variables of balu-dk/go-ocpp-server that do nothing, there as here. */
const withoutEffect: ReadonlySet<string> = new Set(["OCPP_RESET_INTERVAL"]);

const known: ReadonlySet<string> = new Set([...fileVariables, ...settingList.flatMap(({ variables }) => variables)]);

/** A value of an environment variable, with its name. */
export interface VariableValue {
  readonly value: string;
  readonly name: string;
}

/** The value of the first of a setting's variables that is set; an empty one counts as not set. */
export function variableOf({ variables }: SettingEntry, environment: Environment): VariableValue | undefined {
  // The name that follows from the path is meant for this setting alone, so it goes before one that others share.
  for (const name of variables.toReversed()) {
    const value = environment[name];
    if (value !== undefined && value !== "") return { value, name };
  }
  return undefined;
}

/** The configuration file that the environment names. */
export function fileOf(environment: Environment): VariableValue | undefined {
  for (const name of fileVariables) {
    const value = environment[name];
    if (value !== undefined && value !== "") return { value, name };
  }
  return undefined;
}

/** Variables that look like ours and are none, or that do nothing: each with a sentence. */
export function oddVariables(environment: Environment): {
  readonly problems: ReadonlyMap<string, string>;
  readonly warnings: ReadonlyMap<string, string>;
} {
  const problems = new Map<string, string>();
  const warnings = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || known.has(name)) continue;
    if (name.startsWith(variablePrefix)) problems.set(name, `there is no such variable.${didYouMean(name, known)}`);
    else if (withoutEffect.has(name)) warnings.set(name, "has no effect; it had none in go-ocpp-server either.");
    else if (name.startsWith("OCPP_")) {
      const near = didYouMean(name, known);
      if (near !== "") warnings.set(name, `is no variable of this CSMS, and is left out of account.${near}`);
    }
  }
  return { problems, warnings };
}
