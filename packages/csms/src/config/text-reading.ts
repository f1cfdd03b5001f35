import { isIP } from "node:net";
import { resolve } from "node:path";
import type { TextSetting } from "./setting.ts";

const hostName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

function readAddress(text: string): string | undefined {
  const host = text.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  // The system might take this name for ::1, where no one looks.
  if (host === "localhost") return "127.0.0.1";
  // What is all digits and dots is meant as an address, and a wrong one would be looked up as a name.
  return isIP(host) !== 0 || (hostName.test(host) && !/^[\d.]+$/.test(host)) ? host : undefined;
}

/** Reads a text, a path, an address or a prefix of paths; nothing where it is none. */
export function readText(setting: TextSetting, raw: unknown, cwd: string): string | undefined {
  if (typeof raw !== "string" && typeof raw !== "number") return undefined;
  const text = String(raw);
  switch (setting.type) {
    case "path":
      return text === "" || text.includes("\0") ? undefined : resolve(cwd, text);
    case "address":
      return readAddress(text);
    case "prefix":
      return /^\/[^?#\s]*$/.test(text) ? text.replace(/(?<=.)\/+$/, "") : undefined;
    default:
      return text.length < (setting.min ?? 0) ? undefined : text;
  }
}
