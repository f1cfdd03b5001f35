/** How a set of schema files is laid out as text. */
export interface Layout {
  /** Spaces per level of nesting. */
  readonly indent: number;
  /** Whether every character above U+007E is written as `\uXXXX`. */
  readonly ascii: boolean;
}

// A string, a number, a literal or a bracket; whatever lies between tokens must be white space.
// oxlint-disable-next-line no-control-regex -- JSON strings may not hold them
const token = /[ \t\r\n]*("(?:[^"\\\u0000-\u001f]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:])/y;

/**
 * Cuts a JSON text into its tokens, each kept as it is written. `JSON.parse` and `JSON.stringify` would turn the number
 * `0.0` of the official schemas into `0`.
 */
export function tokens(text: string): string[] {
  JSON.parse(text); // the grammar is checked here, with the engine's own message
  const found: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) found.push(match[1] ?? "");
  return found;
}

/** Cuts a JSON array into the token lists of its elements. */
export function elements(text: string): string[][] {
  const all = tokens(text);
  if (all[0] !== "[") throw new Error("expected a JSON array");
  const found: string[][] = [];
  let depth = 0;
  let element: string[] = [];
  for (const part of all) {
    if (part === "]" || part === "}") depth--;
    if (depth === 0 || (depth === 1 && part === ",")) {
      if (element.length > 0) found.push(element);
      element = [];
    } else {
      element.push(part);
    }
    if (part === "[" || part === "{") depth++;
  }
  return found;
}

const asciiOnly = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Prints tokens one value a line, without a final newline, which is how the Open Charge Alliance publishes its files. */
export function print(parts: readonly string[], layout: Layout): string {
  const line = (depth: number): string => `\n${" ".repeat(depth * layout.indent)}`;
  let depth = 0;
  let text = "";
  parts.forEach((part, index) => {
    if (part === "{" || part === "[") {
      const next = parts[index + 1];
      text += part;
      depth++;
      if (next !== "}" && next !== "]") text += line(depth);
    } else if (part === "}" || part === "]") {
      const previous = parts[index - 1];
      depth--;
      if (previous !== "{" && previous !== "[") text += line(depth);
      text += part;
    } else if (part === ",") {
      text += part + line(depth);
    } else {
      text += part === ":" ? ": " : layout.ascii ? asciiOnly(part) : part;
    }
  });
  return text;
}
