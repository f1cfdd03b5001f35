import type { Terminal } from "./command.ts";

/** What work does about a signal that interrupts it. */
export interface Interruption {
  /** Adds what is done before the process ends, such as removing a file that is half written. Must be quick and synchronous. */
  readonly undo: (step: () => void) => void;
  /** From here on a signal waits until the work is done, since half of it would be worse than all or nothing. */
  readonly hold: () => void;
}

/**
 * Runs work that a signal interrupts, at whatever it is: what it has left is undone, and the process ends by that signal. A
 * thread that copies a database would otherwise hold up the exit until it is done.
 */
export async function interruptible<T>(
  terminal: Terminal,
  work: (interruption: Interruption) => Promise<T>,
): Promise<T> {
  const steps: (() => void)[] = [];
  let held = false;
  let release = (): void => {};
  const done = new Promise<void>((resolve) => {
    release = resolve;
  });
  const interrupt = async (): Promise<void> => {
    const signal = await terminal.signal();
    if (held) await done;
    for (const step of steps) {
      try {
        step();
      } catch {
        // The process ends all the same.
      }
    }
    terminal.err(`${signal}: interrupted.`);
    terminal.raise(signal);
  };
  void interrupt();
  try {
    return await work({
      undo: (step) => steps.push(step),
      hold: () => {
        held = true;
        steps.length = 0;
      },
    });
  } finally {
    steps.length = 0;
    release();
  }
}
