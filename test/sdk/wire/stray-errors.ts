/** Errors that nobody caught, as the process would have met its end by them. */
export interface StrayErrors {
  readonly errors: unknown[];
  stop(): void;
}

/** Collects uncaught exceptions and unhandled rejections until `stop`. */
export function watchStrayErrors(): StrayErrors {
  const errors: unknown[] = [];
  const collect = (error: unknown): void => {
    errors.push(error);
  };
  process.on("uncaughtException", collect);
  process.on("unhandledRejection", collect);
  return {
    errors,
    stop: () => {
      process.off("uncaughtException", collect);
      process.off("unhandledRejection", collect);
    },
  };
}
