import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../packages/csms/dist/main.js", import.meta.url));

/** How long the program may take to start, in milliseconds; a machine that is busy with other suites is slow. */
const startTime = 30_000;

/** The CSMS as a process of its own, as an operator runs it. */
export interface Program {
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  /** The id of the process; 0 where it could not be started. */
  readonly pid: number;
  /** Everything that it has written to standard output and standard error. */
  readonly output: string;
  readonly running: boolean;
  /** Resolves with the exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void;
}

/** A program that has been started and may not be ready yet. */
export interface StartedProgram {
  /** Resolves when it serves. Rejects, with what it has written, where it ends before. */
  readonly ready: Promise<Program>;
  /** Ends it at once, ready or not. */
  kill(): Promise<void>;
  /** Asks it to end, ready or not, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

const children = new Set<ChildProcess>();

// Whatever becomes of the test, no child outlives it.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** What a program of a test runs with, unless told otherwise: any port that is free, no limits that a load test meets. */
const environment: Readonly<Record<string, string>> = {
  OCPP_WEBSOCKET_PORT: "0",
  OCPP_API_PORT: "0",
  OCPP_CSMS_API_RATE_LIMIT: "0",
  OCPP_CSMS_WEB_SOCKET_CALL_RATE_PER_SECOND: "0",
  OCPP_CSMS_STATIONS_UNKNOWN: "accept",
  OCPP_CSMS_TOKENS_UNKNOWN: "accept",
  OCPP_CSMS_LOG_LEVEL: "warn",
  // What runs by itself adds rows that no station sent.
  OCPP_CSMS_BACKGROUND_METER_BACKUP: "0",
  OCPP_CSMS_BACKGROUND_METER_COLLECTION: "0",
  OCPP_CSMS_BACKGROUND_STATUS_MONITOR: "0",
};

/** Starts the compiled program with these variables. Only what it needs of our own environment is handed on. */
export function startProgram(variables: Readonly<Record<string, string>>): StartedProgram {
  if (!existsSync(main)) throw new Error(`${main} is missing: build first (npx tsc -b packages/csms)`);
  const child = spawn(process.execPath, [main, "serve"], {
    cwd: variables["OCPP_CSMS_DATA"] ?? "/",
    env: { PATH: process.env["PATH"], ...environment, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let output = "";
  let looked: () => void = () => {};
  const collect = (data: Buffer): void => {
    output += data.toString();
    looked();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  // `close` comes when its output has been read, too.
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      children.delete(child);
      resolve(code);
    });
  });
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };

  const ready = new Promise<Program>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The program was not ready after ${startTime} ms: ${output}`));
      child.kill("SIGKILL");
    }, startTime);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`The program ended with ${code} before it was ready: ${output}`));
    });
    looked = () => {
      const webSocketUrl = /^Stations +(\S+)\/<identity>$/m.exec(output)?.[1];
      const apiUrl = /^REST +(\S+)$/m.exec(output)?.[1];
      if (webSocketUrl === undefined || apiUrl === undefined) return;
      clearTimeout(timer);
      looked = () => {};
      resolve({
        webSocketUrl,
        apiUrl,
        pid: child.pid ?? 0,
        get output() {
          return output;
        },
        get running() {
          return child.exitCode === null && child.signalCode === null;
        },
        exited,
        signal: (signal) => void child.kill(signal),
        kill: async () => {
          await end("SIGKILL");
        },
        stop: () => end("SIGTERM"),
      });
    };
  });
  // Whoever kills it while it starts does not wait for it to be ready.
  ready.catch(() => {});
  return {
    ready,
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}
