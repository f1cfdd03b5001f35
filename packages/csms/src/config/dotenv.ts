import { resolve } from "node:path";

/** Reads a file; undefined where there is none. Throws where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** A `.env` file. */
export interface DotEnv {
  readonly path: string;
  readonly variables: ReadonlyMap<string, string>;
  /** The numbers of lines that assign nothing and are no comments. */
  readonly odd: readonly number[];
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Reads the lines of a `.env` file: `NAME=value` or `NAME: value`, with or without `export`. Values in single quotes are taken as they
 * are, in double quotes with `\n`, `\r`, `\t` and any other character behind a backslash as itself; without quotes ` #` begins a
 * comment. Nothing is expanded, and no value goes over several lines.
 */
export function parseDotEnv(text: string): Omit<DotEnv, "path"> {
  const variables = new Map<string, string>();
  const odd: number[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*(?:=|:\s)\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined || raw === undefined) {
      odd.push(index + 1);
      continue;
    }
    const [, single] = /^'([^']*)'\s*(?:#.*)?$/s.exec(raw) ?? [];
    const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s.exec(raw) ?? [];
    if (single !== undefined) variables.set(name, single);
    else if (double !== undefined) {
      variables.set(
        name,
        double.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character),
      );
    } else variables.set(name, raw.replace(/(?:^|\s+)#.*$/s, "").trim());
  }
  return { variables, odd };
}

/** Where a `.env` file may be; the first one that exists counts, as in balu-dk/go-ocpp-server. */
export function dotEnvPaths(cwd: string, programFolder: string | undefined, home: string | undefined): string[] {
  return [
    resolve(cwd, ".env"),
    ...(programFolder === undefined ? [] : [resolve(programFolder, ".env")]),
    "/app/.env",
    "/etc/ocpp-server/.env",
    ...(home === undefined || home === "" ? [] : [resolve(home, ".ocpp-server.env")]),
  ];
}

/** Finds and reads the `.env` file; undefined where there is none in any of the places. */
export function readDotEnv(paths: readonly string[], readFile: ReadFile): DotEnv | undefined {
  for (const path of paths) {
    const text = readFile(path);
    if (text !== undefined) return { path, ...parseDotEnv(text) };
  }
  return undefined;
}
