import type { Services } from "../services/services.ts";
import type { MessageContext } from "./message-context.ts";

/** The services that a guard needs. */
export type GuardServices = Pick<Services, "clock" | "hooks" | "metrics" | "stations">;

type AnyHandler = (request: unknown, context: MessageContext) => unknown;

function guard(protocol: string, action: string, handler: AnyHandler, services: GuardServices): AnyHandler {
  const { clock, hooks, metrics, stations } = services;

  const answer = async (request: unknown, context: MessageContext): Promise<unknown> => {
    const { identity: stationId, messageId, info } = context;
    const refusal = info.gate.refuse(action);
    if (refusal !== undefined) throw refusal;
    if (!hooks.wanted(protocol, action)) return handler(request, context);
    const message = { stationId, protocol, action, messageId, request };
    const verdict = await hooks.before(message);
    if (verdict !== undefined && "veto" in verdict) throw verdict.veto;
    const answered = verdict === undefined ? await handler(request, context) : verdict.answer;
    hooks.after(message, answered);
    return answered;
  };

  return async (request, context) => {
    stations.seen(context.identity);
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
 * Puts before each handler what concerns all of them: the boot gate, the plug-ins, what is counted. The types stay those of
 * the handlers.
 */
export function guardHandlers<H extends object>(protocol: string, handlers: H, services: GuardServices): H {
  const guarded = Object.entries(handlers).map(([action, handler]) => [
    action,
    guard(protocol, action, handler as AnyHandler, services),
  ]);
  return Object.fromEntries(guarded) as H;
}
