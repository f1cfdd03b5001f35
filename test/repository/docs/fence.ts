/** A fenced block of code in a document. */
export interface Fence {
  readonly language: string;
  /** Where its code is cut from: a path from the root of the repository, and behind `#` the name of a region. */
  readonly source: string | undefined;
  /** Whether the imports that the code needs are shown above it. */
  readonly imports: boolean;
  readonly code: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
}

const opening = /^```([\w-]*)[ \t]*(.*)$/;

/** The fenced blocks of a Markdown text, in their order. Throws for one that is never closed. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, language, rest = ""] = opening.exec(lines[at] ?? "") ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`The fence in line ${at + 1} is not closed`);
    const code = lines
      .slice(at + 1, end)
      .map((line) => `${line}\n`)
      .join("");
    const source = /\bsource="([^"]*)"/.exec(rest)?.[1];
    fences.push({ language, source, imports: /\bimports\b/.test(rest), code, line: at + 1 });
    at = end;
  }
  return fences;
}

/** The text with the code of every fence replaced by what `codeOf` says; `undefined` leaves a fence as it is. */
export function withCode(markdown: string, codeOf: (fence: Fence) => string | undefined): string {
  const lines = markdown.split("\n");
  for (const fence of fencesOf(markdown).toReversed()) {
    const code = codeOf(fence);
    if (code === undefined) continue;
    lines.splice(fence.line, fence.code.split("\n").length - 1, ...code.split("\n").slice(0, -1));
  }
  return lines.join("\n");
}
