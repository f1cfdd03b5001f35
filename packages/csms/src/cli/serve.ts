import { systemClock } from "@ocpp/core";
import type { ReadConfiguration } from "../config/read-configuration.ts";
import type { Csms } from "../csms.ts";
import { isLoopback } from "../shared/loopback.ts";
import { type Command, type Signal, type Terminal, takeArguments } from "./command.ts";
import { insecurities } from "./warnings.ts";

/** Tells where everything is, and what an operator should know; on standard error, since the log may be on the other. */
function announce(csms: Csms, { configuration, files }: ReadConfiguration, terminal: Terminal): void {
  const { webSocket, store } = configuration;
  for (const file of files) terminal.err(`Configuration read from ${file}`);
  terminal.err(`Stations  ${csms.webSocketUrl}/<identity>`);
  if (csms.secureWebSocketUrl !== undefined) terminal.err(`          ${csms.secureWebSocketUrl}/<identity>`);
  terminal.err(`REST      ${csms.apiUrl}`);
  if (csms.docsUrl !== undefined) terminal.err(`Docs      ${csms.docsUrl}`);
  const where =
    store.type === "sqlite"
      ? (store.sqlitePath ?? `${store.folder}/ocpp.db`)
      : `PostgreSQL, ${store.postgres.database} at ${store.postgres.host}:${store.postgres.port}`;
  terminal.err(`Database  ${where}`);
  if (isLoopback(webSocket.host) && webSocket.trustProxy.length === 0) {
    terminal.err("Stations can connect from this machine only; from everywhere with --host 0.0.0.0.");
  }
  for (const warning of insecurities(configuration)) terminal.err(`Warning: ${warning}`);
}

/** Reads certificates anew; where they cannot be used, the old ones stay. */
async function renew(csms: Csms, terminal: Terminal): Promise<void> {
  try {
    await csms.updateTls();
    terminal.err("SIGHUP: the certificates for stations were read anew.");
  } catch (error) {
    terminal.err(
      `SIGHUP: the certificates stay as they are: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Waits for a signal that tells the program to end; those that do not are handed on. */
async function toldToEnd(terminal: Terminal, hangUp: () => void = () => {}): Promise<Exclude<Signal, "SIGHUP">> {
  for (;;) {
    const signal = await terminal.signal();
    if (signal !== "SIGHUP") return signal;
    hangUp();
  }
}

/** How long the last lines of the log may take, in milliseconds. */
const flushTime = 250;

/** What of the time of a shutdown is for the log and the exit, in milliseconds. */
function exitTime(timeout: number): number {
  return Math.min(300, timeout * 0.05);
}

/** `ocpp-csms serve` */
export const serve: Command = {
  usage: "serve",
  description:
    "Runs the CSMS until it is told to end by SIGINT or SIGTERM; then it takes no more connections, lets calls in flight finish and persists everything, within shutdown.timeout. It ends with 0 then, and with 3 where something had to be dropped, which it says. A second signal ends it at once. SIGHUP reads the certificates for stations anew.",
  run: async ({ terminal, positionals, configuration }) => {
    takeArguments(positionals, 0, 0, serve);
    const read = configuration();
    const { log: settings, systemName, shutdown } = read.configuration;
    const [{ createCsms }, { createLog }, { openLogOutput }, { shutdownSentence }, { endsWithin }] = await Promise.all([
      import("../csms.ts"),
      import("../observability/logging.ts"),
      import("../observability/log-output.ts"),
      import("../shutdown-report.ts"),
      import("../store/ends-within.ts"),
    ]);
    const output = await openLogOutput(settings);
    const log = createLog({ settings, systemName, output });
    let running: Csms | undefined;
    const told = toldToEnd(terminal, () => {
      if (running !== undefined) void renew(running, terminal);
    });
    /** The signal that ends the process at once, whatever it is at. */
    let cut: Signal | "SIGKILL" | undefined;
    try {
      const starting = createCsms({ configuration: read.configuration, log });
      const early = await Promise.race([starting.then(() => undefined), told]);
      if (early !== undefined) {
        // Nothing was answered yet, and what it has opened ends with the process.
        starting.then((csms) => csms.close(0)).catch(() => {});
        terminal.err(`${early} while starting: ended.`);
        cut = early;
        return 1;
      }
      running = await starting;
      announce(running, read, terminal);
      const signal = await told;
      terminal.err(`${signal}: ending, which takes at most ${shutdown.timeout} s; once more to end at once.`);
      const timeout = shutdown.timeout * 1_000;
      const again = toldToEnd(terminal);
      const ended = await Promise.race([running.close(timeout - exitTime(timeout)), again]);
      if (typeof ended === "string") {
        terminal.err(`${ended}: ended at once; what was under way is dropped.`);
        cut = ended;
        return 1;
      }
      terminal.err(shutdownSentence(ended));
      if (ended.stuck) cut = "SIGKILL";
      return ended.complete ? 0 : 3;
    } finally {
      log.close();
      await endsWithin(systemClock, output.close(), flushTime);
      if (cut !== undefined) terminal.raise(cut);
    }
  },
};
