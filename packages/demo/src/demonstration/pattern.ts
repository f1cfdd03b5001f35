/** A place in an expectation that several values may fill, and the words for it. */
class Matcher {
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;

  constructor(words: string, accepts: (value: unknown) => boolean) {
    this.words = words;
    this.accepts = accepts;
  }
}

/** Any point in time, written as OCPP writes it. */
export const aTime: Matcher = new Matcher(
  "a time",
  (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
);

/** Any whole number above zero. */
export const aNumber: Matcher = new Matcher("a number", (value) => Number.isSafeInteger(value) && Number(value) > 0);

/** What a response is expected to be: its fields with their values, each of them or a matcher in its place. */
export type Pattern<T> =
  | Matcher
  | (T extends readonly (infer I)[] ? readonly Pattern<I>[] : T extends object ? { [K in keyof T]: Pattern<T[K]> } : T);

/**
 * Where a value first differs from what was expected, in one sentence; nothing where it fits. A field that nobody
 * expected is a difference too.
 */
export function differenceOf(pattern: unknown, value: unknown, path = ""): string | undefined {
  if (pattern instanceof Matcher) return pattern.accepts(value) ? undefined : difference(path, pattern, value);
  if (!isRecord(pattern) || !isRecord(value) || Array.isArray(pattern) !== Array.isArray(value)) {
    return Object.is(pattern, value) ? undefined : difference(path, pattern, value);
  }
  for (const name of new Set([...Object.keys(pattern), ...Object.keys(value)])) {
    const found = differenceOf(pattern[name], value[name], path === "" ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function difference(path: string, pattern: unknown, value: unknown): string {
  return `${path === "" ? "" : `${path}: `}expected ${brief(pattern)}, got ${brief(value)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * A payload on one line, with quotes only where they are needed: `{idTag: "A 1", meterStart: 0}`. Control characters
 * are shown and not sent to the terminal.
 */
export function brief(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value instanceof Matcher) return `<${value.words}>`;
  if (Array.isArray(value)) return `[${value.map(brief).join(", ")}]`;
  if (isRecord(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${name}: ${brief(field)}`).join(", ")}}`;
  }
  if (typeof value === "string" && /^[\w.:+/-]+$/.test(value)) return value;
  return (JSON.stringify(value) ?? typeof value).replaceAll(/[\u007f-\u009f\u2028-\u202e]/g, "\ufffd");
}
