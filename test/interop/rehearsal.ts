import type { DemoStation, FollowUp, Scenario, Step } from "@ocpp/demo";
import { type StepResult, stepRunner } from "@ocpp/demo";

/** How the two sides are asked, whichever library they are of. */
interface Cast {
  readonly fromStation: (action: string, request: unknown) => Promise<unknown>;
  readonly fromCsms: (action: string, request: unknown) => Promise<unknown>;
}

/** A station with its scenarios, before anybody is connected. */
export interface Rehearsal {
  readonly station: DemoStation;
  /** Runs all scenarios; one line a step, which says what differs where something does. */
  readonly run: (cast: Cast) => Promise<readonly string[]>;
  /** What `run` returns where every response is as expected. */
  readonly expected: readonly string[];
}

/** ocpp-rpc knows no messages without an answer: those steps are left out. */
function answerable(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ kind }) => kind === "call").map((step) => ({ ...step, followed: answerable(step.followed) }));
}

const titleOf = ({ by, action, detail }: Step): string => `${by}: ${action} ${detail}`.trimEnd();

function titles(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => [titleOf(step), ...titles(step.followed)]);
}

/** Prepares the scenarios of the demonstration for two sides of which one is ocpp-rpc. */
export function rehearse(makeStation: (followUp: FollowUp) => DemoStation): Rehearsal {
  const results: StepResult[] = [];
  let cast: Cast | undefined;
  const runner = stepRunner({
    pace: async () => {},
    ask: async ({ by, action }, request) => {
      if (cast === undefined) throw new Error("Nobody is connected");
      return by === "station" ? cast.fromStation(action, request) : cast.fromCsms(action, request);
    },
    report: (result) => {
      results.push(result);
    },
  });
  const station = makeStation(runner.followUp);
  const scenarios: readonly Scenario[] = station.scenarios.map((scenario) => ({
    ...scenario,
    steps: answerable(scenario.steps),
  }));
  return {
    station,
    run: async (sides) => {
      cast = sides;
      for (const scenario of scenarios) await runner.run(scenario);
      return results.map(({ step, outcome, problem }) =>
        outcome === "expected" ? titleOf(step) : `${titleOf(step)}: ${problem ?? outcome}`,
      );
    },
    expected: scenarios.flatMap(({ steps }) => titles(steps)),
  };
}
