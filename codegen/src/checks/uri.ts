import { formatBit, type Violation, violation, wrongType } from "./violation.ts";

export function checkUri(value: unknown, tolerated: number): Violation | undefined {
  if (typeof value !== "string") return wrongType("a string", tolerated);
  return tolerated & formatBit || isUri(value) ? undefined : violation("format", "must be a URI with a scheme");
}

/**
 * RFC 3986 as JSON Schema validators read it: a scheme and something after it in characters that a URI may hold. Square
 * brackets may only enclose an IP address, and only where the host stands.
 */
export function isUri(text: string): boolean {
  // No group is repeated in these expressions: on long texts the engine would run out of stack.
  if (/%(?![0-9a-f]{2})/i.test(text)) return false;
  const parts = /^[a-z][a-z0-9+\-.]*:([^?#]*)(?:\?([^#]*))?(?:#([^#]*))?$/i.exec(text);
  if (parts === null) return false;
  const [, hierarchy = "", query = "", fragment = ""] = parts;
  const host = /^\/\/?(?:[\w\-.~!$&'()*+,;=:%]*@)?\[([^\]]*)\](?::\d*)?(?=\/|$)/.exec(hierarchy);
  if (host === null ? hierarchy === "" : !isIpLiteral(host[1] ?? "")) return false;
  const rest = host === null ? hierarchy : hierarchy.slice(host[0].length);
  return /^[\w\-.~!$&'()*+,;=:@/?%]*$/.test(`${rest}?${query}?${fragment}`);
}

/** IPv6, or the form that RFC 3986 keeps for what may follow it. */
function isIpLiteral(text: string): boolean {
  if (/^v[0-9a-f]+\.[\w\-.~!$&'()*+,;=:]+$/i.test(text)) return true;
  if (text.length > 45) return false;
  const [left = "", right, ...more] = text.split("::");
  if (more.length > 0) return false;
  if (right === undefined) return groups(left, true) === 8;
  return groups(left, false) + groups(right, true) <= 7;
}

/** How many of the eight groups of an IPv6 address a part names; 9 if it is not well formed. */
function groups(part: string, last: boolean): number {
  if (part === "") return 0;
  const names = part.split(":");
  const end = names.pop() ?? "";
  const octet = "(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)";
  const isGroup = (name: string): boolean => /^[0-9a-f]{1,4}$/i.test(name);
  if (!names.every(isGroup)) return 9;
  if (isGroup(end)) return names.length + 1;
  return last && new RegExp(`^${octet}(?:\\.${octet}){3}$`).test(end) ? names.length + 2 : 9;
}
