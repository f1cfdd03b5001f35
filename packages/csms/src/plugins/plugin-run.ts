import { type Clock, OcppError } from "@ocpp/core";
import type { Log } from "../observability/logging.ts";
import { createCircuit } from "./circuit.ts";
import { withDeadline } from "./deadline.ts";
import type { ErrorOwner, PluginScope } from "./plugin-scope.ts";

/** How a hook of a plug-in ended: with a value, a refusal that it meant, or not at all. */
export type HookOutcome<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refused"; readonly error: OcppError }
  | { readonly kind: "failed" };

/** Runs the hooks of one plug-in so that nothing they do harms other work. */
export interface PluginRun extends ErrorOwner {
  /**
   * Runs a hook, named for the log. Never rejects: what it throws, and that it takes too long, is logged; an OcppError is
   * a refusal and no failure. After many failures in a row hooks are skipped for a while, and then have failed.
   */
  hook<T>(what: string, work: (signal: AbortSignal) => T | Promise<T>): Promise<HookOutcome<T>>;
  /** Counts a failure that the hook itself did not notice, such as an answer that violates its schema. */
  blame(what: string, why: string): void;
}

/** Milliseconds that a hook may take unless its plug-in says otherwise. */
export const defaultDeadline = 5_000;

/** Makes the guard around one plug-in. `log` is the plug-in's; uncaught errors come from `scope`. */
export function createPluginRun(
  clock: Clock,
  log: Log,
  scope: PluginScope,
  deadline: number = defaultDeadline,
): PluginRun {
  const circuit = createCircuit(clock);

  const fail = (fields: object, text: string): void => {
    log.error(fields, text);
    if (circuit.failed()) log.error({}, "The plug-in has failed too often and is left out for a minute");
  };

  const run: PluginRun = {
    hook: async (what, work) => {
      if (!circuit.closed) return { kind: "failed" };
      try {
        const value = await scope.run(run, () => withDeadline(clock, deadline, work));
        circuit.succeeded();
        return { kind: "value", value };
      } catch (error) {
        if (OcppError.is(error)) {
          circuit.succeeded();
          return { kind: "refused", error };
        }
        fail({ error, hook: what }, "A hook of the plug-in failed");
        return { kind: "failed" };
      }
    },
    blame: (what, why) => {
      fail({ why, hook: what }, "A hook of the plug-in returned what cannot be used");
    },
    uncaught: (error, origin) => {
      fail({ error, origin }, "An error in the plug-in's own timers, promises or listeners was not caught");
    },
  };
  return run;
}
