/** Something that is done again and again. */
export interface BackgroundService {
  /** In kebab-case, such as `meter-collection`. */
  readonly name: string;
  /** One sentence: what it does. */
  readonly description: string;
  /** Milliseconds between the end of a run and the start of the next; 0 where it only runs when asked. */
  readonly interval: number;
  /** One run; resolves with a sentence that says what it did. `signal` aborts when the CSMS closes. */
  run(signal: AbortSignal): Promise<string>;
}

/** How a background service stands. Times are milliseconds since 1970. */
export interface BackgroundState {
  readonly name: string;
  readonly description: string;
  readonly interval: number;
  readonly running: boolean;
  readonly nextRunAt: number | null;
  readonly lastRun: {
    readonly startedAt: number;
    readonly finishedAt: number | null;
    readonly outcome: string;
    readonly result: string | null;
  } | null;
}

/** Runs background services: each alone, those of different names side by side; a run that fails harms nothing else. */
export interface Scheduler {
  start(): void;
  states(): Promise<BackgroundState[]>;
  /** Runs one now, or joins the run that is under way. Rejects with a NotFoundError for a name that there is not. */
  trigger(name: string): Promise<BackgroundState>;
  /** Aborts what runs and waits for it, at most so many milliseconds; resolves with the names of those that still run then. */
  close(timeout?: number): Promise<readonly string[]>;
}
