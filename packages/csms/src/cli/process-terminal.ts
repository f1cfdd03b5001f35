import type { Signal, Terminal } from "./command.ts";

/** The exit codes of a process that a signal ended: 128 and the number of the signal. */
const exitCodes: Readonly<Record<Signal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Makes the terminal of a process. From then on signals do not end it unless nobody waits for one. */
export function createTerminal(host: NodeJS.Process, programFolder: string): Terminal {
  const waiting: ((signal: Signal) => void)[] = [];
  const raise = (signal: Signal | "SIGKILL"): void => {
    // Without a listener the system does what it does with the signal: it ends the process.
    host.removeAllListeners(signal);
    host.kill(host.pid, signal);
    // The first process of a container gets no signal from within that would end it.
    if (signal === "SIGKILL") host.abort();
    else host.exit(exitCodes[signal]);
  };
  const listen = (signal: Signal): void => {
    host.on(signal, () => {
      const next = waiting.shift();
      if (next === undefined) raise(signal);
      else next(signal);
    });
  };
  listen("SIGHUP");
  listen("SIGINT");
  listen("SIGTERM");
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
    raise,
  };
}
