import type { Environment } from "../config/variables.ts";
import type { Signal, Terminal } from "./command.ts";
import { runProgram } from "./program.ts";

/** What a run of the program came to. */
export interface ProgramRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps what is written, and whose signals a test sends. */
export interface KeptTerminal extends Terminal {
  readonly lines: { readonly out: string[]; readonly err: string[] };
  /** The signals by which the process would have ended. */
  readonly raised: readonly string[];
  send(signal: Signal): void;
}

/** Makes a terminal in a folder, with an environment of its own. */
export function keptTerminal(cwd: string, env: Environment = {}): KeptTerminal {
  const lines = { out: [] as string[], err: [] as string[] };
  const sent: Signal[] = [];
  const raised: string[] = [];
  const waiting: ((signal: Signal) => void)[] = [];
  return {
    env,
    cwd,
    programFolder: undefined,
    lines,
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal: () =>
      new Promise((resolve) => {
        const signal = sent.shift();
        if (signal === undefined) waiting.push(resolve);
        else resolve(signal);
      }),
    raised,
    raise: (signal) => raised.push(signal),
    send: (signal) => {
      const next = waiting.shift();
      if (next === undefined) sent.push(signal);
      else next(signal);
    },
  };
}

/** Runs the program to its end. */
export async function run(cwd: string, argv: readonly string[], env: Environment = {}): Promise<ProgramRun> {
  const terminal = keptTerminal(cwd, env);
  const code = await runProgram(argv, terminal);
  return { code, out: terminal.lines.out.join("\n"), err: terminal.lines.err.join("\n") };
}
