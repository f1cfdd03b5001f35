import { isIP } from "node:net";
import { resolve } from "node:path";
import { entriesOf } from "./reading.ts";
import type { ChoicesSetting, ListSetting } from "./setting.ts";

function isSubnet(entry: string): boolean {
  const [address = "", bits, ...rest] = entry.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function isOrigin(entry: string): boolean {
  return entry === "*" || (URL.canParse(entry) && new URL(entry).origin === entry);
}

const checks: Readonly<Record<ListSetting["type"], (entry: string) => boolean>> = {
  paths: (entry) => entry !== "" && !entry.includes("\0"),
  subnets: isSubnet,
  origins: isOrigin,
};

/** Reads a list of texts, each of which must be what the setting is about; nothing where one is not. */
export function readList({ type }: ListSetting, raw: unknown, cwd: string): readonly string[] | undefined {
  const texts: string[] = [];
  for (const entry of entriesOf(raw) ?? [undefined]) {
    if (typeof entry !== "string" || !checks[type](entry)) return undefined;
    texts.push(type === "paths" ? resolve(cwd, entry) : entry);
  }
  return texts;
}

/** Reads some of the choices, each once; nothing where there is none, or one that is not among them. */
export function readChoices({ values }: ChoicesSetting, raw: unknown): readonly (string | number)[] | undefined {
  const chosen = new Set<string | number>();
  for (const entry of entriesOf(typeof raw === "number" ? String(raw) : raw) ?? []) {
    const known = values.find((value) => String(value) === String(entry));
    if (known === undefined) return undefined;
    chosen.add(known);
  }
  return chosen.size === 0 ? undefined : [...chosen];
}
