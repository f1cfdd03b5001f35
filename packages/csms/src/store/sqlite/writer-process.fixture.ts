import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("writer.fixture.ts", import.meta.url));

/** Starts `writer.fixture.ts` on a file in a process of its own; `lines` is what it prints. */
export function startWriter(
  file: string,
  writers: number,
): { readonly child: ChildProcess; readonly lines: AsyncIterableIterator<string> } {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@ocpp/source", program, file, String(writers)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
