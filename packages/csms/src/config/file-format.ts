import { LineCounter, parseDocument } from "yaml";

/** What a configuration file says: its top-level entries in order, each with where it stands. */
export interface FileContent {
  /** `pairs` is the format of iclay/ocpp, where a later line counts more than an earlier one. */
  readonly format: "pairs" | "tree";
  readonly entries: readonly { readonly key: string; readonly value: unknown; readonly line?: number | undefined }[];
  readonly problems: readonly string[];
}

/** Whether a text is lines of `key value`, told by the first line that counts: YAML has no such line, nor has JSON. */
function looksLikePairs(text: string): boolean {
  const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*(?:[#[]|$)/.test(line));
  return first !== undefined && /^[A-Za-z_]\w*[ \t]+[^\s:]/.test(first);
}

/** Reads lines of `key value`: of what stands behind the key, the first word counts; `#` and `[` begin lines to skip. */
function parsePairs(text: string): FileContent {
  const entries: { key: string; value: string; line: number }[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*(?:[#[]|$)/.test(line)) continue;
    const [key = "", value] = line.trim().split(/\s+/);
    if (value === undefined) problems.push(`line ${index + 1}: ${JSON.stringify(key.slice(0, 50))} has no value`);
    else entries.push({ key, value, line: index + 1 });
  }
  return { format: "pairs", entries, problems };
}

function parseTree(text: string): FileContent {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems = document.errors.map(({ message, pos: [offset] }) => {
    const { line, col } = lineCounter.linePos(offset);
    // Some messages quote the text at hand, which may be a secret: their first sentence says what is wrong.
    return `line ${line}, column ${col}: ${message.split("\n")[0]?.replace(/:.*$/, "") ?? ""}`;
  });
  if (problems.length > 0) return { format: "tree", entries: [], problems };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    return { format: "tree", entries: [], problems: ["its aliases cannot be resolved"] };
  }
  if (content === null) return { format: "tree", entries: [], problems: [] };
  if (typeof content !== "object" || Array.isArray(content)) {
    return { format: "tree", entries: [], problems: ["it must hold settings by their names"] };
  }
  const entries = Object.entries(content).map(([key, value]) => ({ key, value: value as unknown }));
  return { format: "tree", entries, problems: [] };
}

/** Reads a configuration file, in whichever of the formats it is: YAML, JSON, or lines of `key value`. */
export function parseFile(text: string): FileContent {
  const plain = text.replace(/^\uFEFF/, "");
  return looksLikePairs(plain) ? parsePairs(plain) : parseTree(plain);
}
