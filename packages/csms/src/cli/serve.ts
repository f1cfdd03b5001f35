import type { ReadConfiguration } from "../config/read-configuration.ts";
import type { Csms } from "../csms.ts";
import { type Command, type Terminal, takeArguments } from "./command.ts";
import { insecurities, isLoopback } from "./warnings.ts";

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

/** `ocpp-csms serve` */
export const serve: Command = {
  usage: "serve",
  description:
    "Runs the CSMS until it is told to end by SIGINT or SIGTERM; then it takes no more connections, lets calls in flight finish and writes everything. A second signal ends it at once. SIGHUP reads the certificates for stations anew.",
  run: async ({ terminal, positionals, configuration }) => {
    takeArguments(positionals, 0, 0, serve);
    const read = configuration();
    const { log: settings, systemName, shutdown } = read.configuration;
    const [{ createCsms }, { createLog }, { openLogOutput }] = await Promise.all([
      import("../csms.ts"),
      import("../operation/logging.ts"),
      import("../operation/log-output.ts"),
    ]);
    const output = await openLogOutput(settings);
    const log = createLog({ settings, systemName, output });
    try {
      const csms = await createCsms({ configuration: read.configuration, log });
      announce(csms, read, terminal);
      let signal = await terminal.signal();
      while (signal === "SIGHUP") {
        const next = terminal.signal();
        await renew(csms, terminal);
        signal = await next;
      }
      terminal.err(`${signal}: ending, which takes at most ${shutdown.timeout} s; once more to end at once.`);
      const cut = terminal.signal().then(() => "cut" as const);
      const ended = await Promise.race([csms.close(shutdown.timeout * 1_000), cut]);
      return ended === "cut" ? 1 : 0;
    } finally {
      await output.close();
    }
  },
};
