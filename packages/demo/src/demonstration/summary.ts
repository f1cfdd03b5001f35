import type { TracedFrame } from "./frame-log.ts";
import type { Paint, Tone } from "./palette.ts";
import type { Version } from "./station.ts";
import type { StepOutcome, StepResult } from "./step-run.ts";
import { abbreviate, fold, formatDuration } from "./trace-line.ts";

/** What came of one station's scenarios. */
export interface StationSummary {
  readonly station: string;
  readonly version: Version;
  readonly steps: readonly StepResult[];
  /** Messages that asked for an answer, in both directions. */
  readonly calls: number;
  /** Messages that asked for none (SEND, 2.1). */
  readonly sends: number;
  /** CALLERRORs and frames that were none. */
  readonly errors: number;
  /** Milliseconds from call to answer; `undefined` where nothing was answered. */
  readonly median: number | undefined;
  readonly slowest: number | undefined;
}

/** Sums up what one station went through. */
export function summarize(
  station: string,
  version: Version,
  frames: readonly TracedFrame[],
  steps: readonly StepResult[],
): StationSummary {
  const durations = frames.flatMap(({ duration }) => (duration === undefined ? [] : [duration])).sort((a, b) => a - b);
  const count = (...kinds: readonly string[]): number => frames.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    station,
    version,
    steps,
    calls: count("call"),
    sends: count("send"),
    errors: count("error", "malformed"),
    median: durations[Math.floor(durations.length / 2)],
    slowest: durations.at(-1),
  };
}

/** Whether every step of every station went as expected, and there was one. */
export function allExpected(stations: readonly StationSummary[]): boolean {
  const steps = stations.flatMap((station) => station.steps);
  return steps.length > 0 && steps.every(({ outcome }) => outcome === "expected");
}

const marks: { readonly [O in StepOutcome]: readonly [Tone, string] } = {
  expected: ["good", "✓"],
  unexpected: ["bad", "✗"],
  "not-reached": ["quiet", "-"],
};

const duration = (ms: number | undefined): string => (ms === undefined ? "" : formatDuration(ms));

/** The tables at the end, as lines of at most `width` columns. */
export function summaryLines(stations: readonly StationSummary[], width: number, paint: Paint): readonly string[] {
  const titles = stations.flatMap(({ steps }) => steps.map(titleOf));
  const titleWidth = Math.max(4, ...titles.map((title) => title.length));
  const rest = Math.max(20, width - titleWidth - 15);
  const expectedWidth = Math.floor(rest / 2);
  const lines: string[] = [];
  const head = `  ${"step".padEnd(titleWidth)}  ${"expected".padEnd(expectedWidth)}  received`;

  for (const { station, version, steps } of stations) {
    for (const scenario of new Set(steps.map((step) => step.scenario))) {
      lines.push("", `${paint(version, `${version} ${station}`)} ${paint("strong", scenario)}`, paint("quiet", head));
      for (const result of steps.filter((step) => step.scenario === scenario)) {
        const [tone, mark] = marks[result.outcome];
        const received = result.outcome === "not-reached" ? "not reached" : abbreviate(result.received);
        const cells = [
          paint(tone, mark),
          titleOf(result).padEnd(titleWidth),
          "",
          paint("quiet", fold(result.expected, expectedWidth).padEnd(expectedWidth)),
          "",
          paint(tone === "good" ? "plain" : tone, fold(received, rest - expectedWidth).padEnd(rest - expectedWidth)),
          paint("quiet", duration(result.duration).padStart(8)),
        ];
        lines.push(cells.join(" ").trimEnd());
        if (result.problem !== undefined)
          lines.push(...wrap(result.problem, width - 4).map((line) => `    ${paint("bad", line)}`));
      }
    }
  }
  return [...lines, "", ...totals(stations, paint), "", verdict(stations, paint)];
}

function titleOf({ step }: StepResult): string {
  return `${step.by === "csms" ? "csms: " : ""}${step.action}${step.detail === "" ? "" : ` ${step.detail}`}`;
}

function totals(stations: readonly StationSummary[], paint: Paint): readonly string[] {
  const row = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at < 1 ? cell.padEnd(12) : cell.padStart(9))).join("");
  return [
    paint("quiet", row(["station", "steps", "expected", "calls", "sends", "errors", "median", "slowest"])),
    ...stations.map(({ station, version, steps, calls, sends, errors, median, slowest }) => {
      const good = steps.filter(({ outcome }) => outcome === "expected").length;
      const line = row([
        `${version.padEnd(5)} ${station}`,
        ...[steps.length, good, calls, sends, errors].map(String),
        duration(median),
        duration(slowest),
      ]);
      return good === steps.length && errors === 0 ? line : paint("bad", line);
    }),
  ];
}

function verdict(stations: readonly StationSummary[], paint: Paint): string {
  const steps = stations.flatMap((station) => station.steps);
  const good = steps.filter(({ outcome }) => outcome === "expected").length;
  if (allExpected(stations)) return paint("good", `All ${good} steps went as expected.`);
  return paint("bad", `${steps.length - good} of ${steps.length} steps did not go as expected.`);
}

function wrap(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${Math.max(20, width)}}`, "gsu")) ?? [];
}
