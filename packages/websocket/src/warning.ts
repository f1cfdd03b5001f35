import { describeViolation, type Report } from "@ocpp/core";

interface Host {
  readonly process?: { readonly emitWarning?: (warning: string, options: { type: string; detail: string }) => void };
  readonly reportError?: (error: unknown) => void;
}

/**
 * Shows a failure that nobody asked for, so that it does not vanish: as a process warning in Node, as an uncaught error in
 * a browser's console, where neither stops the program.
 */
export function warn(what: string, error: unknown): void {
  const { process, reportError } = globalThis as Host;
  if (process?.emitWarning !== undefined) {
    const detail = String((error instanceof Error && error.stack) || error);
    process.emitWarning(what, { type: "OcppWarning", detail });
  } else reportError?.(error);
}

/**
 * What happens to reports where no `report` option is given: handlers that failed, responses of theirs that do not fit
 * the schema, and calls that were not handled to their end are warned of. Everything else came from the other side, was
 * answered, and stays quiet.
 */
export function warnOfReport(report: Report, identity: string): void {
  if (report.type === "call-dropped") {
    const { action, messageId, why } = report;
    warn(`A call was dropped (${identity})`, `${action}, message id ${messageId}: ${why}`);
    return;
  }
  const failed = report.type === "handler-failed";
  if (!failed && !(report.type === "violation" && report.direction === "outbound" && report.part === "response"))
    return;
  const error = failed ? report.error : new TypeError(describeViolation(report.violation));
  warn(`The handler of ${report.action} failed (${identity})`, error);
}
