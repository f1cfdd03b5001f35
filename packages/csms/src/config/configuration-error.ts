/** One thing that is wrong with a configuration. */
export interface ConfigurationProblem {
  /** Whose value it is, such as `environment OCPP_API_PORT`. */
  readonly name: string;
  /** What is wrong with it, and what is allowed; without the values of secrets. */
  readonly text: string;
}

/** The configuration cannot be used. The message lists everything that is wrong with it, a line each. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const count = problems.length === 1 ? "one thing is" : `${problems.length} things are`;
    const lines = problems.map(({ name, text }) => `  ${name}: ${text}`);
    super([`The configuration cannot be used: ${count} wrong.`, ...lines].join("\n"));
    this.problems = problems;
  }
}
