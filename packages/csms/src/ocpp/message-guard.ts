import { formatPath, OcppError } from "@ocpp/core";
import type { Services } from "../services.ts";
import type { HandlerContext } from "./handler-context.ts";
import { findRangeFault } from "./number-range.ts";

/** The services that a guard needs. */
export type GuardServices = Pick<Services, "clock" | "hooks" | "log" | "metrics" | "stations">;

/** Messages that ask for an answer and record nothing: once their connection has gone, they are not begun any more. */
const questions: ReadonlySet<string> = new Set([
  "Authorize",
  "DataTransfer",
  "Get15118EVCertificate",
  "GetCertificateChainStatus",
  "GetCertificateStatus",
  "Heartbeat",
  "PullDynamicScheduleUpdate",
  "SignCertificate",
  "VatNumberValidation",
]);

/** Messages of transactions, which are recorded in the order in which they came where that is possible. */
const transactionMessages: ReadonlySet<string> = new Set([
  "MeterValues",
  "StartTransaction",
  "StopTransaction",
  "TransactionEvent",
]);

type AnyHandler = (request: unknown, context: HandlerContext) => unknown;

function guard(protocol: string, action: string, handler: AnyHandler, services: GuardServices): AnyHandler {
  const { clock, hooks, log, metrics, stations } = services;
  const isQuestion = questions.has(action);
  const isOfTransaction = transactionMessages.has(action);

  const answer = async (request: unknown, context: HandlerContext): Promise<unknown> => {
    const { identity: stationId, messageId, info } = context;
    if (isQuestion && info.gone) {
      log.info({ stationId, action, messageId }, "A message was dropped: its connection has gone, and it only asks");
      throw new OcppError("GenericError", "The connection has gone");
    }
    if (isOfTransaction && info.predecessors !== undefined) await info.predecessors;
    const refusal = info.gate.refuse(action);
    if (refusal !== undefined) throw refusal;
    const fault = findRangeFault(request);
    if (fault !== undefined) {
      log.info({ stationId, action, path: fault.path }, "A number of a message is out of range");
      throw new OcppError("PropertyConstraintViolation", `${formatPath(fault.path)} ${fault.message}`);
    }
    if (!hooks.wanted(protocol, action)) return handler(request, context);
    const message = { stationId, protocol, action, messageId, request };
    const verdict = await hooks.before(message);
    if (verdict !== undefined && "veto" in verdict) throw verdict.veto;
    const given = verdict === undefined ? await handler(request, context) : verdict.answer;
    const answered = await hooks.amend(message, given);
    hooks.after(message, answered);
    return answered;
  };

  return async (request, context) => {
    if (!context.info.gone) stations.seen(context.identity);
    const start = clock.now();
    try {
      const answered = await answer(request, context);
      metrics.message("inbound", action, "result");
      return answered;
    } catch (error) {
      metrics.message("inbound", action, "error");
      throw error;
    } finally {
      metrics.handled(action, (clock.now() - start) / 1_000);
    }
  };
}

/**
 * Puts before each handler what concerns all of them: the boot gate, the range of ids, the plug-ins, what is counted. The
 * types stay those of the handlers.
 */
export function guardHandlers<H extends object>(protocol: string, handlers: H, services: GuardServices): H {
  const guarded = Object.entries(handlers).map(([action, handler]) => [
    action,
    guard(protocol, action, handler as AnyHandler, services),
  ]);
  return Object.fromEntries(guarded) as H;
}
