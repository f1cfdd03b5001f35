import type { Terminal } from "./command.ts";

/** The exit codes of a process that a signal ended: 128 and the number of the signal. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Makes the terminal of a process. From then on signals do not end it unless nobody waits for one. */
export function createTerminal(host: NodeJS.Process, programFolder: string): Terminal {
  const waiting: ((signal: string) => void)[] = [];
  for (const [signal, code] of Object.entries(signals)) {
    host.on(signal, () => {
      const next = waiting.shift();
      if (next === undefined) host.exit(code);
      else next(signal);
    });
  }
  // Whoever reads our output may have gone, as `head` does; that is no reason to end with a stack trace.
  host.stdout.on("error", () => {});
  host.stderr.on("error", () => {});
  return {
    env: host.env,
    cwd: host.cwd(),
    programFolder,
    out: (line) => {
      host.stdout.write(`${line}\n`);
    },
    err: (line) => {
      host.stderr.write(`${line}\n`);
    },
    signal: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
