import type { Terminal } from "./command.ts";

/** Tells how far something has come, once a second at most. */
export interface Progress {
  tell(text: string): void;
  /** Says how it ended. */
  end(text: string): void;
}

/** Milliseconds between two lines. */
const pause = 1_000;

/** Makes a progress that speaks to standard error. */
export function createProgress(terminal: Terminal, now: () => number = Date.now): Progress {
  let last = now();
  return {
    tell: (text) => {
      if (now() - last < pause) return;
      last = now();
      terminal.err(text);
    },
    end: (text) => terminal.err(text),
  };
}
