import type { Weight } from "./bundle.ts";
import type { Subject } from "./subject.ts";

/** A subject with its weight. */
export interface Row extends Weight {
  readonly subject: Subject;
}

const begin = "<!-- size:begin -->";
const end = "<!-- size:end -->";

/** How far a figure may be from the table: gzip differs by a few bytes between processors and versions of zlib. */
const tolerance = 0.01;

/** Thousands of bytes with one decimal. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

/** The table in Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map(({ subject, minified, gzipped }) => {
    const limit = subject.limit === undefined ? "–" : kilobytes(subject.limit);
    return `| ${subject.what} | ${kilobytes(minified)} | ${kilobytes(gzipped)} | ${limit} |`;
  });
  return ["| bundle | minified | gzipped | goal |", "| --- | ---: | ---: | ---: |", ...lines].join("\n");
}

/** The document with the table in place of the one between the markers. Throws where the markers are missing. */
export function withTable(document: string, table: string): string {
  const [from, to] = span(document);
  return `${document.slice(0, from)}\n${table}\n${document.slice(to)}`;
}

/** What the document's table says that is not so any more; empty where it is current. */
export function drift(document: string, table: string): string[] {
  const [from, to] = span(document);
  const shown = document.slice(from, to).trim().split("\n");
  const actual = table.split("\n");
  const stale = actual.filter((line, index) => !near(shown[index] ?? "", line)).map((line) => `not shown: ${line}`);
  return shown.length > actual.length ? [...stale, "there are rows of what is not weighed any more"] : stale;
}

function span(document: string): readonly [number, number] {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no ${begin} … ${end} to hold the table`);
  return [from + begin.length, to];
}

/** Whether two rows are the same but for figures that differ by no more than the tolerance. */
function near(shown: string, actual: string): boolean {
  const figure = /\d+\.\d(?= KB)/g;
  if (shown.replaceAll(/ +/g, " ").replaceAll(figure, "") !== actual.replaceAll(figure, "")) return false;
  const figures = [...shown.matchAll(figure)].map(Number);
  return [...actual.matchAll(figure)].every((match, index) => {
    const value = Number(match);
    return Math.abs((figures[index] ?? 0) - value) <= Math.max(0.1001, value * tolerance);
  });
}
