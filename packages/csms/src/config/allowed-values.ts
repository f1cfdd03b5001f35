import type { Setting } from "./setting.ts";

/** The names of the levels, from the most talkative to silence. */
const levels = "trace, debug, info, warn, error, fatal, silent";

const byType = {
  integer: "a whole number",
  seconds: "a number of seconds, or one with s, m, h or d behind it",
  size: "a number of bytes, or one with K, M or G behind it",
  text: "a text",
  path: "a path",
  address: "an IP address or a host name",
  prefix: "a path such as /ocpp",
  flag: "true or false (also yes, no, on, off, 1, 0)",
  paths: "one or more paths with commas between them",
  subnets: "IP addresses and subnets such as 10.0.0.0/8 with commas between them",
  origins: "origins such as https://ops.example.com with commas between them, or *",
  levels: `parts with a level each, such as gateway=debug, of ${levels}`,
  stations: "a list of stations, identities with commas between them, or JSON",
  tokens: "a list of id tokens, tokens with commas between them, or JSON",
  plugins: "a list of modules, each with its options; names with commas between them, or JSON",
} as const;

/** What a setting allows, as the end of a sentence: `a whole number, from 0 to 65535`. */
export function allowedValues(setting: Setting): string {
  if (setting.type === "choice") return `one of ${setting.values.join(", ")}`;
  if (setting.type === "choices") return `one or more of ${setting.values.join(", ")}`;
  const what = byType[setting.type];
  if (setting.type === "text")
    return setting.min === undefined ? what : `${what} of at least ${setting.min} characters`;
  if (!("min" in setting) || setting.min === undefined) return what;
  return "max" in setting && setting.max !== undefined
    ? `${what}, from ${setting.min} to ${setting.max}`
    : `${what}, at least ${setting.min}`;
}
