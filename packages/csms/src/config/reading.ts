/** What came of reading something: the value, or what is wrong, as the rest of a sentence that begins with its name. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

/** Tells what has names and values from lists and all else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
