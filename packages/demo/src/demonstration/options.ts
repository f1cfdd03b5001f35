import { parseArgs } from "node:util";
import { type Version, versions } from "./station.ts";

/** What the command line asks for. */
export interface Options {
  readonly port: number;
  readonly versions: readonly Version[];
  /** Steps a second; 0 for no pause between them. */
  readonly rate: number;
  readonly json: boolean;
  readonly colour: boolean | undefined;
}

/** What the command line comes to: options, the wish for help, or what is wrong with it. */
export type CommandLine = { readonly options: Options } | { readonly help: true } | { readonly problem: string };

/** The text of `--help`. */
export const help = `Shows OCPP at work: one CSMS and a station of each version, over real WebSockets on 127.0.0.1.

Every station charges twice. In the local charge it boots, authorizes its driver, reports its status, starts a
transaction, sends meter values and stops. In the remote charge the CSMS starts and stops the transaction. Every frame
is shown as it travels; a table at the end compares every response with what was expected.

Usage
  npm run demo -- [options]

Options
  --port <n>        Port of the CSMS, 0 to 65535; 0, the default, takes any free one
  --versions <list> Versions of OCPP, separated by commas; 1.6,2.0.1,2.1 unless given
  --rate <n>        Steps per second; 25 unless given, 0 for as fast as they go
  --json            One JSON object per line on stdout instead of the trace: frames, steps and the summary
  --color           Colours even where there is no terminal; --no-color for none.
                    Without either, NO_COLOR and FORCE_COLOR are respected
  -h, --help        This text

Examples
  npm run demo                              All three versions, one after the other
  npm run demo -- --versions 2.1 --rate 2      Slowly enough to read along
  npm run demo -- --rate 0 --port 9000         On port 9000, without a pause
  npm run demo -- --json | jq 'select(.kind == "error")'

Exit code
  0  every response was as expected
  1  a response was not, or the CSMS could not be started
  2  an option is wrong
`;

/** Reads the command line, without the names of the program and its script. Never throws. */
export function readCommandLine(args: readonly string[]): CommandLine {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return { problem: problemOf(error) };
  }
  if (values.help === true) return { help: true };
  const { port: portText = "0", rate: rateText = "25", versions: versionText = versions.join(",") } = values;

  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port > 65_535) {
    return { problem: `--port must be a whole number from 0 to 65535, not ${JSON.stringify(portText)}` };
  }
  const rate = Number(rateText);
  if (!/^\d+(\.\d+)?$/.test(rateText) || rate > 1000) {
    return { problem: `--rate must be a number of steps per second from 0 to 1000, not ${JSON.stringify(rateText)}` };
  }
  const names = versionText.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(versions as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return { problem: `--versions knows ${versions.join(", ")}, not ${JSON.stringify(unknown)}` };
  }
  return {
    options: {
      port,
      versions: versions.filter((version) => names.includes(version)),
      rate,
      json: values.json ?? false,
      colour: values["no-color"] === true ? false : values.color,
    },
  };
}

/** What `parseArgs` found wrong, in one sentence. */
function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const valueless = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(message);
  return valueless === null ? (message.split(/\. |\n/)[0] ?? "") : `${valueless[1]} needs a value`;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: false,
    options: {
      port: { type: "string" },
      versions: { type: "string" },
      rate: { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
      "no-color": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}
