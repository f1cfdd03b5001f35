import { OcppError } from "@ocpp/core";
import { brief, differenceOf } from "./pattern.ts";
import type { FollowUp } from "./station.ts";
import { flatten, type Scenario, type Step } from "./step.ts";

/** How a step ended: as expected, otherwise, or not at all because an earlier one did not. */
export type StepOutcome = "expected" | "unexpected" | "not-reached";

/** One step of a scenario after the fact. */
export interface StepResult {
  readonly scenario: string;
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** Milliseconds from asking to the answer. */
  readonly duration: number | undefined;
  readonly expected: string;
  readonly received: string;
  /** What differs, where something does. */
  readonly problem: string | undefined;
}

/** What carries the steps of one station out. */
export interface Stage {
  /** Asks what a step says, and gives what comes back; rejects where nothing does. */
  readonly ask: (step: Step, request: unknown) => Promise<unknown>;
  /** Waits for the turn of the next step. Rejects when the demonstration is broken off. */
  readonly pace: () => Promise<void>;
  readonly report: (result: StepResult) => void;
}

/** Takes the steps of one station. */
export interface StepRunner {
  readonly run: (scenario: Scenario) => Promise<void>;
  /** For the station's handlers, see `FollowUp`. */
  readonly followUp: FollowUp;
}

/** The most milliseconds that a station may take from its answer to the first step that follows it. */
const startLimit = 10_000;

const words = (error: unknown): string =>
  OcppError.is(error) ? `CALLERROR ${error.message}` : error instanceof Error ? error.message : String(error);

/** Makes what takes the steps of one station; `stage` carries them out. */
export function stepRunner(stage: Stage): StepRunner {
  let begin: (() => Promise<void>) | undefined;

  const attempt = async (scenario: string, step: Step): Promise<boolean> => {
    await stage.pace();
    const asked = performance.now();
    const common = { scenario, step, expected: brief(step.expected) };
    const settle = (received: string, problem: string | undefined): boolean => {
      const duration = performance.now() - asked;
      stage.report({
        ...common,
        outcome: problem === undefined ? "expected" : "unexpected",
        duration,
        received,
        problem,
      });
      return problem === undefined;
    };
    try {
      const response = await stage.ask(step, step.request());
      const problem = differenceOf(step.expected, response);
      if (problem === undefined) step.keep?.(response);
      return settle(brief(response), problem);
    } catch (error) {
      return settle(words(error), `expected ${common.expected}, got ${words(error)}`);
    }
  };

  const skip = (scenario: string, steps: readonly Step[]): void => {
    for (const step of flatten(steps)) {
      const expected = brief(step.expected);
      const outcome = "not-reached";
      stage.report({ scenario, step, outcome, duration: undefined, expected, received: "", problem: undefined });
    }
  };

  /** Takes a step and, where it is followed by others, waits until the station has taken those. */
  const take = async (scenario: string, step: Step): Promise<boolean> => {
    if (step.followed.length === 0) return attempt(scenario, step);
    const { promise: followed, resolve: finish } = deferred<boolean>();
    const start = async (): Promise<void> => {
      begin = undefined;
      finish(await takeAll(scenario, step.followed).catch(() => false));
    };
    const giveUp = (): void => {
      if (begin !== start) return;
      begin = undefined;
      skip(scenario, step.followed);
      finish(false);
    };
    begin = start;
    if (!(await attempt(scenario, step))) giveUp();
    const timer = setTimeout(giveUp, startLimit);
    const fine = await followed;
    clearTimeout(timer);
    return fine;
  };

  const takeAll = async (scenario: string, steps: readonly Step[]): Promise<boolean> => {
    for (const [index, step] of steps.entries()) {
      if (await take(scenario, step)) continue;
      skip(scenario, steps.slice(index + 1));
      return false;
    }
    return true;
  };

  return {
    run: async ({ title, steps }) => {
      await takeAll(title, steps);
    },
    followUp: async () => begin?.(),
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
