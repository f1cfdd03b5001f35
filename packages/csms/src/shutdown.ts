import type { Clock } from "@ocpp/core";
import { endsWithin } from "./store/ends-within.ts";

/**
 * The stages in which a CSMS ends, in their order, each with the share of the time after which it is over, whatever is left of
 * it: what comes in from outside and by the clock; plug-ins, which may still use everything; what sends by itself; the
 * database; what watches over the process.
 */
const stages = { entrances: 0.6, plugins: 0.7, services: 0.8, store: 0.97, operation: 1 } as const;

/** A stage of the end. */
export type ShutdownStage = keyof typeof stages;

/** Something that ends with the CSMS: it is given the milliseconds that it may take. */
export type Ending = (timeout: number) => Promise<unknown>;

/** What a shutdown came to. */
export interface ShutdownResult {
  /** What had not ended when its time was up, by its name. */
  readonly unfinished: readonly string[];
  /** What failed. */
  readonly failures: readonly unknown[];
}

/** Ends what was started, within a time. */
export interface Shutdown {
  /** Adds what has been started. Endings of one stage run side by side. */
  add(stage: ShutdownStage, name: string, end: Ending): void;
  /**
   * Runs all endings, stage by stage, and resolves within so many milliseconds although some of them hang: those are left to
   * themselves. A stage that is over early leaves its time to those behind it. Never rejects.
   */
  run(timeout: number): Promise<ShutdownResult>;
}

/** The database gets as many milliseconds at least, so that a shutdown without time does not lose what a commit would persist. */
const leastForStore = 250;

/** Makes a shutdown with nothing to end. */
export function createShutdown(clock: Clock): Shutdown {
  const endings: { readonly stage: ShutdownStage; readonly name: string; readonly end: Ending }[] = [];
  return {
    add: (stage, name, end) => {
      endings.push({ stage, name, end });
    },
    run: async (timeout) => {
      const start = clock.now();
      const unfinished: string[] = [];
      const failures: unknown[] = [];
      const attempt = async (end: Ending, milliseconds: number): Promise<void> => {
        try {
          await end(milliseconds);
        } catch (error) {
          failures.push(error);
        }
      };
      for (const [stage, share] of Object.entries(stages)) {
        const left = timeout * share - (clock.now() - start);
        const milliseconds = Math.max(stage === "store" ? leastForStore : 0, left);
        const own = endings.filter((ending) => ending.stage === stage);
        await Promise.all(
          own.map(async ({ name, end }) => {
            // What ends within its time by itself is let do so.
            const grace = milliseconds + Math.min(100, timeout * 0.01);
            if (!(await endsWithin(clock, attempt(end, milliseconds), grace))) unfinished.push(name);
          }),
        );
      }
      return { unfinished, failures };
    },
  };
}
