import { formatPath, OcppError, type Report, type Side, ViolationError } from "@ocpp/core";
import { expect } from "vitest";
import type { Bench } from "./bench.ts";
import type { Case, Entry, Given } from "./corpus.ts";
import { emptyCall, emptyCallResponse, type Version } from "./version.ts";

/** Stands in payloads of the corpus, and must never come back. */
export const secret = "S3CRET-MARKER";

/** A receiver under test, over whatever transport. */
export interface Subject {
  readonly bench: Bench;
  /** What the receiver sent, as it came. */
  readonly received: string[];
  readonly reports: Report[];
  /** The code with which the connection ended. */
  readonly closed: () => number | undefined;
  /** Puts a frame of the corpus on the connection. */
  put(frame: Entry["frame"]): void;
  /** Makes the receiver call. */
  call(action: string, request: unknown, messageId: string): Promise<unknown>;
  /** Waits until the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

interface OwnCall {
  end: string;
}

function endOf(error: unknown): string {
  if (OcppError.is(error)) return `refused:${error.code}`;
  if (!ViolationError.is(error)) return `failed:${String(error)}`;
  const { kind, path } = error.violation;
  return path.length === 0 ? `violation:${kind}` : `violation:${kind}:${formatPath(path)}`;
}

function ids(subject: Subject): unknown[] {
  return subject.received.map((text) => (JSON.parse(text) as unknown[])[1]);
}

async function prepare(subject: Subject, version: Version, side: Side, given: Given): Promise<OwnCall | undefined> {
  if (typeof given === "object" && "handler" in given) {
    subject.put(JSON.stringify([2, given.handler, "DataTransfer", { vendorId: "hang" }]));
    await subject.until(() => subject.bench.handled.includes(given.handler));
    return undefined;
  }
  const other: Side = side === "station" ? "csms" : "station";
  const action = typeof given === "object" ? given.call : emptyCall[other];
  const request = typeof given === "object" ? given.request : {};
  const id = typeof given === "object" ? (given.messageId ?? "own") : "own";
  const own: OwnCall = { end: "waiting" };
  subject.call(action, request, id).then(
    () => {
      own.end = "resolved";
    },
    (error: unknown) => {
      own.end = endOf(error);
    },
  );
  await subject.until(() => ids(subject).includes(id));
  if (given === "answered-call") {
    subject.put(JSON.stringify([3, id, emptyCallResponse(version, action)]));
    await subject.until(() => own.end !== "waiting");
  }
  return own;
}

/** The id of a frame as it was written, where it is a number. */
function numberText(frame: string): string | undefined {
  return /^\s*\[\s*\d+\s*,\s*(-?\d[^,\s\]]*)/u.exec(frame)?.[1];
}

function checkAnswers(answers: readonly string[], { expect: { answer }, frame }: Entry): void {
  const frames = answers.map((text) => JSON.parse(text) as unknown[]);
  if (answer === undefined) {
    expect(frames).toEqual([]);
    return;
  }
  expect(frames).toHaveLength(1);
  const [type, id, code, description, details] = frames[0] ?? [];
  expect([type, id]).toEqual([answer.type, answer.id]);
  // A number is answered as it was written, not only by its value.
  if (typeof answer.id === "number")
    expect(numberText(answers[0] ?? "")).toBe(numberText(typeof frame === "string" ? frame : ""));
  expect(frames[0]).toHaveLength(answer.type === 3 ? 3 : 5);
  if (answer.type === 3) return;
  expect(code).toBe(answer.code);
  expect(description).toBeTypeOf("string");
  expect(String(description).length).toBeLessThanOrEqual(255);
  expect(details).toEqual({});
  if (answer.description !== undefined) expect(description).toMatch(new RegExp(answer.description, "u"));
}

/** Puts one frame of the corpus to a receiver and compares all that follows with what is expected. */
export async function tryFrame({ entry, version, side }: Case, subject: Subject): Promise<void> {
  const { expect: expected, given } = entry;
  const own = given === undefined ? undefined : await prepare(subject, version, side, given);
  const before = subject.received.length;
  const handled = subject.bench.handled.length;
  subject.put(entry.frame);
  if (expected.close !== undefined) {
    await subject.until(() => subject.closed() !== undefined);
    expect(subject.closed()).toBe(expected.close);
  } else {
    // Well-formed calls are answered afterwards, and until then nothing has come but what was expected.
    subject.put(JSON.stringify([2, "alive", emptyCall[side], {}]));
    await subject.until(() => ids(subject).includes("alive") || subject.closed() !== undefined);
    expect(subject.closed()).toBeUndefined();
    const alive = ids(subject).indexOf("alive");
    expect(JSON.parse(subject.received[alive] ?? "")).toEqual([
      3,
      "alive",
      emptyCallResponse(version, emptyCall[side]),
    ]);
    expect(alive).toBe(subject.received.length - 1);
  }
  checkAnswers(subject.received.slice(before, expected.close === undefined ? -1 : undefined), entry);
  expect(subject.bench.handled.slice(handled).filter((id) => id !== "alive")).toHaveLength(
    expected.handled === true ? 1 : 0,
  );
  expect(subject.reports.map(({ type }) => type)).toEqual(entry.report === null ? [] : [entry.report]);
  if (expected.own !== undefined) expect(own?.end).toBe(expected.own);
  else if (own !== undefined) expect(own.end).toBe(given === "answered-call" ? "resolved" : "waiting");

  if (typeof given === "object" && "handler" in given) {
    subject.bench.release();
    await subject.until(() => subject.received.some((text) => text.startsWith(`[3,${JSON.stringify(given.handler)}`)));
  }
  for (const text of subject.received) expect(text).not.toContain(secret);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
}
