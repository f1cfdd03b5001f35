/** What came of reading something: the value, or what is wrong, as the rest of a sentence that begins with its name. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

/** Distinguishes what has names and values from lists and all else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The entries of a list of things with a shape of their own. As a text, in a flag or an environment variable, they are JSON, or
 * names with commas between them. What is wrong with JSON is told without any of it, since passwords may stand in there.
 */
export function listOf(raw: unknown, what: string): Reading<unknown[]> {
  let list = raw;
  if (typeof raw === "string" && /^\s*[[{]/.test(raw)) {
    try {
      list = JSON.parse(raw) as unknown;
    } catch {
      return { problem: `begins as JSON and is not valid JSON; it must be a list of ${what}.` };
    }
  }
  const entries = entriesOf(list);
  return entries === undefined ? { problem: `must be a list of ${what}.` } : { value: entries };
}

/** The entries of a list, which may have come as a text with commas between them; nothing where it is neither. */
export function entriesOf(raw: unknown): unknown[] | undefined {
  if (Array.isArray(raw)) return raw;
  if (typeof raw !== "string") return undefined;
  return raw
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
