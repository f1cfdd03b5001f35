import type { Setting, SettingGroup } from "./setting.ts";
import { settings } from "./settings.ts";

/** A setting with the names that it goes by. */
export interface SettingEntry {
  /** Its name in a file, such as `webSocket.port`. */
  readonly path: string;
  readonly setting: Setting;
  /** Its environment variables, the one to show first; the last is always the one that follows from the path. */
  readonly variables: readonly [string, ...string[]];
  /** Its flags without the dashes, the one to show first; the last is always the one that follows from the path. */
  readonly flags: readonly [string, ...string[]];
}

/** What the environment variables of settings begin with, unless a setting says otherwise. */
export const variablePrefix = "OCPP_CSMS_";

/** Distinguishes a setting from a group: only the former says what type it has. */
export function isSetting(node: Setting | SettingGroup): node is Setting {
  return typeof node.type === "string";
}

function words(path: string): string[] {
  return path.split(/\.|(?=[A-Z])/).map((word) => word.toLowerCase());
}

function entry(path: string, setting: Setting): SettingEntry {
  const variable = variablePrefix + words(path).join("_").toUpperCase();
  const flag = words(path).join("-");
  const [first, ...others] = setting.env ?? [];
  return {
    path,
    setting,
    variables: first === undefined ? [variable] : [first, ...others, variable],
    flags: setting.flag === undefined || setting.flag === flag ? [flag] : [setting.flag, flag],
  };
}

function flatten(group: SettingGroup, prefix: string): SettingEntry[] {
  return Object.entries(group).flatMap(([name, node]) =>
    isSetting(node) ? [entry(prefix + name, node)] : flatten(node, `${prefix}${name}.`),
  );
}

/** All settings with their names, in the order of the table. */
export const settingList: readonly SettingEntry[] = /* @__PURE__ */ flatten(settings, "");
