import { canonical } from "./digest.ts";

type Entry = readonly [path: string, value: string];

function* leaves(value: unknown, path: string): Generator<Entry> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    yield [path, JSON.stringify(value)];
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) yield [path, "{}"];
  for (const [key, child] of entries) yield* leaves(child, `${path}/${key}`);
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** What an old and a new schema accept differently: one line per place, empty if they accept the same. */
export function differences(before: unknown, after: unknown): string[] {
  const old = new Map(leaves(canonical(before), ""));
  const fresh = new Map(leaves(canonical(after), ""));
  const lines: string[] = [];
  for (const [path, value] of old) {
    const now = fresh.get(path);
    if (now === undefined) lines.push(`${path}: ${short(value)} removed`);
    else if (now !== value) lines.push(`${path}: ${short(value)} became ${short(now)}`);
  }
  for (const [path, value] of fresh) if (!old.has(path)) lines.push(`${path}: ${short(value)} added`);
  return lines;
}
