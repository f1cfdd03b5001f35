import type { Report } from "@ocpp/core";

interface Host {
  readonly process?: { readonly emitWarning?: (warning: string, options: { type: string; detail: string }) => void };
  readonly reportError?: (error: unknown) => void;
}

/**
 * Shows a failure that nobody asked for, so that it does not vanish: as a process warning in Node, as an uncaught error in
 * a browser's console, where neither stops the program.
 */
export function surface(what: string, error: unknown): void {
  const { process, reportError } = globalThis as Host;
  if (process?.emitWarning !== undefined) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(what, { type: "OcppWarning", detail });
  } else reportError?.(error);
}

/**
 * What happens to reports where no `report` option is given: handlers that failed, and responses of theirs that do not
 * fit the schema, are surfaced. Everything else came from the other side, was answered, and stays quiet.
 */
export function surfaceReport(report: Report, identity: string): void {
  if (report.type === "handler-failed") {
    surface(`The handler of ${report.action} failed (${identity})`, report.error);
  } else if (report.type === "violation" && report.direction === "outbound" && report.part === "response") {
    const { path, message } = report.violation;
    surface(
      `The response to ${report.action} is not valid (${identity})`,
      new TypeError(`${path.join(".")} ${message}`),
    );
  }
}
