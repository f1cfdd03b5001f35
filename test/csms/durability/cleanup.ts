import { afterEach } from "vitest";

/** Registers what is to be done after each test of the file, however it went, the newest first. */
export function useCleanup(): (step: () => unknown) => void {
  const steps: (() => unknown)[] = [];
  afterEach(async () => {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
  return (step) => {
    steps.push(step);
  };
}
