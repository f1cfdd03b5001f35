import { maskUrls } from "./url-mask.ts";

/** Credentials as HTTP headers have them. The second part distinguishes base64 from a word such as in "Basic authentication". */
const headers = /\b([Bb]asic|BASIC|[Bb]earer|BEARER)( +)(?=[\w+/.~-]*[A-Z0-9=])[\w+/.~-]{6,}=*/g;
/** `password=…`, `"apiKey": "…"`, `ticket=…` in a query, also where the quotes are escaped. */
const assignments =
  /((?:authorizationkey|password|passphrase|api[-_]?key|secret|ticket)(?:\\?")?\s*[=:]\s*)(?:\\?"(?!\*\*\*)(?:[^"\\]|\\[^"])*|(?!\*\*\*)[^\s"\\&,;})\]]+)/gi;
/**
 * Characters that a terminal or a viewer acts upon and JSON lets through: DEL, the C1 controls, line and paragraph separators,
 * and those that turn the direction of writing.
 */
// oxlint-disable-next-line no-control-regex
const acting = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Masks what looks like a password, a key or credentials in a line of a log. */
export function maskText(line: string): string {
  return maskUrls(
    line.replaceAll(headers, "$1$2***").replaceAll(assignments, (_all, before: string) => `${before}***`),
  );
}

/** Writes those characters that would be acted upon as escapes, which a JSON parser turns back. */
export function escapeActing(line: string): string {
  return line.replaceAll(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
