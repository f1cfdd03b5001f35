import type { ActionsOf, CallName, Protocol, RequestOf, ResponseOf, SendName, Side } from "@ocpp/core";
import type { Pattern } from "./pattern.ts";

/** One step of a scenario: who asks what, and which response is expected. */
export interface Step {
  /** Who asks. */
  readonly by: Side;
  /** `send` for a message that is not answered (2.1): expected is then what reaches the CSMS. */
  readonly kind: "call" | "send";
  readonly action: string;
  /** What tells steps of the same action apart, such as the status that is reported. */
  readonly detail: string;
  /** Makes the request when the step is taken, from what the station has learnt until then. */
  readonly request: () => unknown;
  readonly expected: unknown;
  /** Takes from an expected response what later steps need. */
  readonly keep: ((response: unknown) => void) | undefined;
  /** What the station does on its own once it has answered a call of the CSMS. */
  readonly followed: readonly Step[];
}

/** Steps that belong together and build on each other: when one fails, those behind it are not reached. */
export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

interface CallStep<P extends Protocol, K> {
  readonly action: K;
  readonly detail?: string;
  readonly request: () => RequestOf<P, K>;
  readonly expected: Pattern<ResponseOf<P, K>>;
  readonly keep?: (response: ResponseOf<P, K>) => void;
}

/** Makes the steps of one protocol, with its types for requests and expected responses. */
export interface Steps<P extends Protocol> {
  /** The station calls. */
  station<K extends CallName<P, "station">>(step: CallStep<P, K>): Step;
  /** The CSMS calls; `followed` is what the station does after its answer. */
  csms<K extends CallName<P, "csms">>(step: CallStep<P, K> & { readonly followed?: readonly Step[] }): Step;
  /** The station sends a message that is not answered; expected is what reaches the CSMS. */
  send<K extends SendName<P, "station"> & keyof ActionsOf<P>>(step: {
    readonly action: K;
    readonly detail?: string;
    readonly request: () => RequestOf<P, K>;
    readonly expected: Pattern<RequestOf<P, K>>;
  }): Step;
}

interface AnyStep {
  readonly action: unknown;
  readonly detail?: string;
  readonly request: () => unknown;
  readonly expected: unknown;
  readonly keep?: ((response: never) => void) | undefined;
  readonly followed?: readonly Step[];
}

function makeStep(by: Side, kind: Step["kind"], step: AnyStep): Step {
  return {
    by,
    kind,
    action: String(step.action),
    detail: step.detail ?? "",
    request: step.request,
    expected: step.expected,
    keep: step.keep as Step["keep"],
    followed: step.followed ?? [],
  };
}

/** The maker of steps for a protocol, which is named by its type only. */
export function stepsOf<P extends Protocol>(): Steps<P> {
  return {
    station: (step) => makeStep("station", "call", step),
    csms: (step) => makeStep("csms", "call", step),
    send: (step) => makeStep("station", "send", step),
  };
}

/** All steps of a list, with those that follow others, in the order in which they are taken. */
export function flatten(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...flatten(step.followed)]);
}
