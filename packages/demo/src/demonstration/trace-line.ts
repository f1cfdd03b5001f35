import type { FrameKind, TracedFrame } from "./frame-log.ts";
import type { Paint, Tone } from "./palette.ts";
import { brief } from "./pattern.ts";

const labels: { readonly [K in FrameKind]: string } = {
  call: "CALL",
  result: "RESULT",
  error: "ERROR",
  send: "SEND",
  malformed: "BROKEN",
};

/** From this many columns on there is room for the version, the hour and the name of the other end. */
const roomy = 120;

function clockTime(time: number): string {
  const at = new Date(time);
  const digits = (value: number, count: number): string => String(value).padStart(count, "0");
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map((value) => digits(value, 2));
  return `${hours}:${minutes}:${seconds}.${digits(at.getMilliseconds(), 3)}`;
}

/** Milliseconds with one decimal below a hundred, in seconds from ten seconds on. */
export function formatDuration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** Cuts a text to a number of columns; an ellipsis stands for what is missing. */
export function fold(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** Leaves out the date of times and most of a UUID, so that more of a payload fits a line. */
export function abbreviate(text: string): string {
  return text
    .replaceAll(/\b\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, "$1")
    .replaceAll(/\b([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/g, "$1…");
}

/** One frame of the trace as a line of at most `width` columns. */
export function traceLine(frame: TracedFrame, width: number, paint: Paint): string {
  const { kind, station, version, action, duration, payload } = frame;
  const wide = width >= roomy;
  const bad = kind === "error" || kind === "malformed";
  const tone: Tone = bad ? "bad" : kind === "result" ? "quiet" : "plain";
  const towards = frame.to === "csms" ? "to-csms" : "to-station";
  const arrow = frame.to === "csms" ? "──▶" : "◀──";
  const time = clockTime(frame.time);
  const cells: readonly (readonly [Tone, string])[] = [
    ["quiet", wide ? time : time.slice(6)],
    [version, wide ? `${version.padEnd(5)} ${station.padEnd(5)}` : station.padEnd(5)],
    [towards, wide ? `${arrow} csms` : arrow],
    [tone === "plain" ? "strong" : tone, labels[kind].padEnd(6)],
    [tone, action.padEnd(25)],
    ["quiet", (duration === undefined ? "" : formatDuration(duration)).padStart(8)],
  ];
  const used = cells.reduce((sum, [, text]) => sum + text.length + 1, 0);
  const text = fold(abbreviate(typeof payload === "string" ? payload : brief(payload)), width - used);
  return [...cells, [tone, text] as const]
    .map(([cellTone, cell]) => (cell === "" ? "" : paint(cellTone, cell)))
    .join(" ")
    .trimEnd();
}
