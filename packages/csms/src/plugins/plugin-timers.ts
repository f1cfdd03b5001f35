import type { Clock } from "@ocpp/core";

/** The timers of one plug-in, all of which end with it. */
export interface PluginTimers {
  every(milliseconds: number, work: () => Promise<unknown>): () => void;
  once(milliseconds: number, work: () => Promise<unknown>): () => void;
  /** Stops all of them. Timers that are set afterwards never run. */
  clear(): void;
}

/** Makes the timers of a plug-in. `work` must not reject. */
export function createPluginTimers(clock: Clock): PluginTimers {
  const running = new Set<() => void>();
  let cleared = false;

  const begin = (milliseconds: number, work: () => Promise<unknown>, again: boolean): (() => void) => {
    let timer: unknown;
    const stop = (): void => {
      running.delete(stop);
      clock.clearTimer(timer);
    };
    const wait = (): void => {
      timer = clock.setTimer(() => {
        if (!again) running.delete(stop);
        void work().then(() => {
          if (again && running.has(stop)) wait();
        });
      }, milliseconds);
    };
    if (cleared) return stop;
    running.add(stop);
    wait();
    return stop;
  };

  return {
    every: (milliseconds, work) => begin(milliseconds, work, true),
    once: (milliseconds, work) => begin(milliseconds, work, false),
    clear: () => {
      cleared = true;
      for (const stop of running) stop();
    },
  };
}
