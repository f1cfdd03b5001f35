import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs beside the example, and what it has printed. */
export interface Program {
  readonly child: ChildProcess;
  /** Waits for a line that contains the text; rejects when the program ends without it. */
  line(text: string): Promise<string>;
  /** Ends it as Ctrl-C does; resolves with its exit code, which is null where the signal ended it. */
  interrupt(): Promise<number | null>;
}

/** Starts a TypeScript program. */
export function startProgram(file: string): Program {
  const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const look = new Set<() => void>();
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const again of look) again();
  };
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  const ended = once(child, "close");

  return {
    child,
    line: (text) =>
      new Promise((resolve, reject) => {
        const again = (): void => {
          const line = output.split("\n").find((candidate) => candidate.includes(text));
          if (line === undefined) return;
          look.delete(again);
          resolve(line);
        };
        look.add(again);
        again();
        void ended.then(() => {
          reject(new Error(`${file} ended without printing ${JSON.stringify(text)}:\n${output}`));
        });
      }),
    interrupt: async () => {
      child.kill("SIGINT");
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}
