/*
 * The compilers that the published declarations must please, run as a consumer runs them: on the built packages, found
 * through `exports`, with `skipLibCheck` off. Each run is a process of its own, one program for all files.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the fixtures stand. Paths in diagnostics are relative to it. */
export const folder: string = dirname(fileURLToPath(import.meta.url));

/** The versions of TypeScript, by the name of the npm package that holds each. */
export const compilers = { "5.4": "typescript-5.4", "6.0": "typescript", "7.0": "typescript-7" } as const;

export type Compiler = keyof typeof compilers;

/** The ways in which a consumer finds packages: Node's own, and a bundler's. */
export const resolutions = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
} as const;

export type Resolution = keyof typeof resolutions;

/** One error of a compiler: where, its number, and its text with all the lines that explain it. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly text: string;
}

const strict = {
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  allowImportingTsExtensions: true,
};

/** Options of a program that runs in Node alone: its types, without the DOM. */
export const nodeOnly: object = {
  lib: ["es2023"],
  types: ["node"],
  typeRoots: [join(folder, "../..", "node_modules", "@types")],
};

/** Compiles the files in one program and returns what the compiler says, in the order in which it says it. */
export async function compile(
  compiler: Compiler,
  resolution: Resolution,
  files: readonly string[],
  options: object = {},
): Promise<Diagnostic[]> {
  const scratch = await mkdtemp(join(tmpdir(), "ocpp-types-"));
  try {
    const project = join(scratch, "tsconfig.json");
    const compilerOptions = { ...strict, ...resolutions[resolution], ...options };
    await writeFile(project, JSON.stringify({ compilerOptions, files: files.map((file) => resolve(folder, file)) }));
    return parse(await run(compiler, ["-p", project, "--pretty", "false"]));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Runs a compiler and returns what it prints; that it found errors is no failure of the run. */
function run(compiler: Compiler, args: readonly string[]): Promise<string> {
  const { resolve: find } = createRequire(import.meta.url);
  const tsc = join(dirname(find(`${compilers[compiler]}/package.json`)), "bin", "tsc");
  return new Promise((done, fail) => {
    execFile(process.execPath, [tsc, ...args], { cwd: folder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error !== null && stdout === "") fail(new Error(`TypeScript ${compiler} did not run: ${stderr}`));
      else done(stdout);
    });
  });
}

function parse(output: string): Diagnostic[] {
  const found: { file: string; line: number; code: string; text: string }[] = [];
  for (const line of output.split("\n")) {
    const [, file, row, code, text] = /^(?:(.+?)\((\d+),\d+\): )?error (TS\d+): (.*)$/.exec(line) ?? [];
    const last = found.at(-1);
    if (code !== undefined) found.push({ file: file ?? "", line: Number(row ?? 0), code, text: text ?? "" });
    else if (last !== undefined && line.startsWith(" ")) last.text += `\n${line}`;
  }
  return found;
}
