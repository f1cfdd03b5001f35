import type { Audience } from "./demo.ts";
import type { Options } from "./options.ts";
import { makePaint, wantsColour } from "./palette.ts";
import { allExpected, type StationSummary, summaryLines } from "./summary.ts";
import { traceLine } from "./trace-line.ts";

/** An audience that also sees what came of it all. */
export interface FullAudience extends Audience {
  readonly summary: (stations: readonly StationSummary[]) => void;
}

/** Where the trace is written to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

type Environment = { readonly [name: string]: string | undefined };

/** The columns of a terminal, or what stands for them where there is none. */
function widthOf(screen: Screen, env: Environment): number {
  const told = screen.columns ?? Number(env["COLUMNS"]);
  return Number.isInteger(told) && told > 0 ? Math.max(told, 60) : 140;
}

/** Shows the demonstration in the way that the options ask for. */
export function audienceOf(options: Options, screen: Screen, env: Environment): FullAudience {
  return options.json ? jsonLines(screen) : text(options, screen, env);
}

function text(options: Options, screen: Screen, env: Environment): FullAudience {
  const paint = makePaint(wantsColour({ option: options.colour, env, isTerminal: screen.isTTY === true }));
  const print = (...lines: readonly string[]): void => {
    screen.write(`${lines.join("\n")}\n`);
  };
  return {
    listening: (url) => {
      print(`One CSMS at ${paint("strong", url)}, OCPP ${options.versions.join(", ")}; Ctrl-C ends.`);
      print(paint("quiet", "──▶ from the station to the CSMS, ◀── back; a duration is from the call to its answer."));
    },
    scenario: ({ version, identity }, title) => {
      print("", `${paint(version, `OCPP ${version}, ${identity}:`)} ${paint("strong", title)}`);
    },
    frame: (frame) => {
      print(traceLine(frame, widthOf(screen, env), paint));
    },
    step: (_station, { outcome, problem, step }) => {
      if (outcome === "unexpected") print(paint("bad", `✗ ${step.action}: ${problem ?? ""}`));
    },
    summary: (stations) => {
      print("", paint("strong", "Summary"), ...summaryLines(stations, widthOf(screen, env), paint));
    },
  };
}

/** One JSON object a line; `type` tells what it is. */
function jsonLines(screen: Screen): FullAudience {
  const print = (line: object): void => {
    screen.write(`${JSON.stringify(line)}\n`);
  };
  return {
    listening: (url) => {
      print({ type: "listening", url });
    },
    scenario: ({ version, identity }, title) => {
      print({ type: "scenario", station: identity, version, title });
    },
    frame: ({ time, duration, ...frame }) => {
      print({ type: "frame", time: new Date(time).toISOString(), durationMs: rounded(duration), ...frame });
    },
    step: ({ version, identity }, { step, scenario, outcome, duration, expected, received, problem }) => {
      const { by, action, detail } = step;
      const what = { scenario, by, action, detail, outcome, durationMs: rounded(duration) };
      print({ type: "step", station: identity, version, ...what, expected, received, problem });
    },
    summary: (stations) => {
      const rows = stations.map(({ steps, median, slowest, ...station }) => ({
        ...station,
        steps: steps.length,
        expected: steps.filter(({ outcome }) => outcome === "expected").length,
        medianMs: rounded(median),
        slowestMs: rounded(slowest),
      }));
      print({ type: "summary", ok: allExpected(stations), stations: rows });
    },
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}
