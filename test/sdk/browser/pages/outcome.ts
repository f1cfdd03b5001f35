/** What the page was told of its Content-Security-Policy: the directive and what it blocked. */
export const violations: string[] = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

declare global {
  /** What the page's program comes to; the test reads it. */
  var outcome: Promise<unknown>;
}

/** Runs the program of a page by itself, as a page's script is run, and leaves what it returns for the test. */
export function present(program: (parameters: URLSearchParams) => Promise<unknown>): void {
  globalThis.outcome = program(new URLSearchParams(location.search));
}

/** What a promise rejects with: the name of the error and its message. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `no error: ${JSON.stringify(await promise)}`;
  } catch (error) {
    return thrown(error);
  }
}

/** What a function throws. */
export function throwing(run: () => unknown): string {
  try {
    return `no error: ${String(run())}`;
  } catch (error) {
    return thrown(error);
  }
}

function thrown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The parameter of the page's address, which the test gives. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null) throw new Error(`The page needs ${name}`);
  return value;
}
