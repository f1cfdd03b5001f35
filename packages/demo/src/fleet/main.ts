/* What `npm start` runs: the CSMS as an operator starts it, and a small fleet of stations that charge at it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock } from "@ocpp/core";
import { type Fleet, startFleet } from "./fleet.ts";

const program = fileURLToPath(new URL("main.js", import.meta.resolve("@ocpp/csms")));
const asked = process.argv.slice(2);
const demo = !asked.includes("--no-demo");
const args = asked.filter((argument) => argument !== "--no-demo");
/** Whether the CSMS is to run at all: not for `--help`, nor for another command such as `config`. */
const serves = !args.some((argument) => ["--help", "-h", "--version", "-v"].includes(argument)) && isServe(args[0]);

function isServe(first: string | undefined): boolean {
  return first === undefined || first.startsWith("-") || first === "serve";
}

function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Three commands to begin with; with the fleet, they work as they stand. */
function suggest(apiUrl: string): void {
  const json = "-H 'Content-Type: application/json'";
  say();
  say("Try in another terminal:");
  if (demo) {
    say(`  curl '${apiUrl}/api/v1/transactions?complete=false'`);
    say(
      `  curl ${json} -d '{"stationId":"DEMO-201","idToken":"DEMO-CARD-1","evseId":3}' ${apiUrl}/api/v1/remote-starts`,
    );
    say(`  curl -N '${apiUrl}/api/v1/events/stream?kind=transaction'`);
  } else {
    say(`  curl ${json} -d '{"id":"CS001","registration":"Accepted"}' ${apiUrl}/api/v1/stations`);
    say(`  curl -X PUT ${json} -d '{"status":"Accepted"}' ${apiUrl}/api/v1/tokens/CARD1`);
    say(`  curl ${apiUrl}/api/v1/stations`);
  }
  say();
}

/** Starts the CSMS, and the fleet once it listens; resolves with the exit code of the CSMS. */
async function runBoth(): Promise<number> {
  let fleet: Fleet | undefined;
  let ending = false;

  async function startDemo(webSocketUrl: string, apiUrl: string): Promise<void> {
    const started = await startFleet({
      webSocketUrl,
      apiUrl,
      apiKey: process.env["OCPP_API_KEY"],
      clock: systemClock,
      tell: (identity, text) => {
        if (!ending) say(`${identity.padEnd(9)} ${text}`);
      },
    });
    fleet = started;
    await started.accepted;
    say(
      "DEMO-16, DEMO-201 and DEMO-21 are accepted; drivers come and go at their outlets 1 and 2. Ctrl-C ends it all.",
    );
    suggest(apiUrl);
  }

  const csms = spawn(process.execPath, [program, ...args], {
    // Who tries it out has the receiver of a webhook on the same machine.
    env: { OCPP_CSMS_WEBHOOKS_ALLOWED_NETWORKS: "127.0.0.0/8,::1", ...process.env },
    // In a process group of its own, so that Ctrl-C reaches it once: through us.
    detached: true,
    stdio: ["ignore", "inherit", "pipe"],
  });
  // What the CSMS says to people is on standard error; its log may be on standard output.
  const lines = createInterface({ input: csms.stderr });
  let webSocketUrl = "";
  let apiUrl = "";
  lines.on("line", (line) => {
    say(line);
    if (!serves) return;
    const [, name, url = ""] = /^(\w+)\s+(\S+?)(?:\/<identity>)?$/.exec(line) ?? [];
    if (name === "Stations") webSocketUrl = url;
    if (name === "REST") apiUrl = url;
    // The last of the lines that say where everything is.
    if (!line.startsWith("Database ")) return;
    if (!demo) suggest(apiUrl);
    else {
      startDemo(webSocketUrl, apiUrl).catch((error: unknown) => {
        say(`The fleet could not be started: ${error instanceof Error ? error.message : String(error)}`);
        csms.kill("SIGTERM");
      });
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      csms.kill(signal);
      ending = true;
      void fleet?.close();
    });
  }

  const [code, signal] = (await once(csms, "close")) as [number | null, string | null];
  ending = true;
  await fleet?.close();
  return code ?? (signal === null ? 1 : 130);
}

process.exit(await runBoth());
