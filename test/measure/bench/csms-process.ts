import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The CSMS as a program of its own, on SQLite. */
export interface CsmsProcess {
  readonly child: ChildProcess;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  /** Milliseconds from the start of the process until it said where REST is. */
  readonly startTime: number;
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("../../../packages/csms/dist/main.js", import.meta.url));

/** A folder for a database; take it away with `dropFolder`. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "ocpp-bench-"));
}

/** Takes a folder away. */
export function dropFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the compiled program with its data in a folder. */
export async function startCsms(
  folder: string,
  env: { readonly [name: string]: string } = {},
  flags: readonly string[] = [],
): Promise<CsmsProcess> {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    // As the files in deploy/ start it.
    ["--max-semi-space-size=64", ...flags, program, "serve", "--port", "0", "--api-port", "0", "--data", folder],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, OCPP_CSMS_LOG_LEVEL: "error", OCPP_CSMS_API_RATE_LIMIT: "0", ...env },
    },
  );
  let webSocketUrl = "";
  for await (const line of createInterface({ input: child.stderr })) {
    const [, name, url = ""] = /^(\w+)\s+(\S+?)(?:\/<identity>)?$/.exec(line) ?? [];
    if (name === "Stations") webSocketUrl = url;
    if (name !== "REST") continue;
    child.stderr.resume();
    return {
      child,
      webSocketUrl,
      apiUrl: url,
      startTime: performance.now() - begin,
      stop: async () => {
        const ended = once(child, "close");
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error("The CSMS did not start");
}

/** Processor time of a process so far, in milliseconds, all its threads together. */
export function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
