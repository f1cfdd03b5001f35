import type { Clock, Protocol, Validator } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import type { Log } from "../operation/logging.ts";
import type { HookVerdict, MessageHooks, StationMessage } from "../services/message-hooks.ts";
import type { MessageContext, PluginHooks } from "./plugin.ts";
import type { PluginRun } from "./plugin-run.ts";

/** The hooks of a plug-in that is set up, with the guard around it. */
export interface AttachedHooks {
  readonly name: string;
  readonly hooks: PluginHooks;
  readonly run: PluginRun;
}

/** The hooks of all plug-ins, in the order in which they were attached. */
export interface PluggableHooks extends MessageHooks {
  /** Adds those of a plug-in, asked after the ones before; what is returned takes them away. */
  attach(plugin: AttachedHooks): () => void;
}

type AnyHandler = (request: unknown, context: MessageContext) => unknown;
type AnyListener = (request: unknown, answer: unknown, context: MessageContext) => unknown;
type Maps = Pick<PluginHooks, "on16" | "on201" | "on21" | "after16" | "after201" | "after21">;

const versions: readonly { readonly protocol: Protocol; readonly on: keyof Maps; readonly after: keyof Maps }[] = [
  { protocol: v16, on: "on16", after: "after16" },
  { protocol: v201, on: "on201", after: "after201" },
  { protocol: v21, on: "on21", after: "after21" },
];

interface Entry<F> extends AttachedHooks {
  readonly of: F;
}

/** All that concerns one action of one version. */
interface Slot {
  readonly handlers: readonly Entry<AnyHandler>[];
  readonly listeners: readonly Entry<AnyListener>[];
  readonly response: Validator | undefined;
}

function entries<F>(plugins: Iterable<AttachedHooks>, map: keyof Maps, action: string): Entry<F>[] {
  return Array.from(plugins).flatMap((plugin) => {
    const own: object = plugin.hooks[map] ?? {};
    const of: unknown = Object.hasOwn(own, action) ? Reflect.get(own, action) : undefined;
    return typeof of === "function" ? [{ ...plugin, of: of as F }] : [];
  });
}

/** Who is asked about what, settled once so that messages nobody asks about cost one look-up. */
function settle(plugins: Iterable<AttachedHooks>): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const { protocol, on, after } of versions) {
    for (const [action, { response }] of Object.entries(protocol.actions)) {
      const handlers = entries<AnyHandler>(plugins, on, action);
      const listeners = entries<AnyListener>(plugins, after, action);
      if (handlers.length + listeners.length === 0) continue;
      slots.set(`${protocol.subprotocol} ${action}`, { handlers, listeners, response });
    }
  }
  return slots;
}

/** An answer as it will be sent; throws where it is no JSON. */
function sendable(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer));
}

/** Makes the place where plug-ins take part in what stations send; at first without any. */
export function createMessageHooks(clock: Clock, log: Log): PluggableHooks {
  const plugins = new Set<AttachedHooks>();
  let slots = new Map<string, Slot>();

  const slotOf = (protocol: string, action: string): Slot | undefined => slots.get(`${protocol} ${action}`);

  const ask = async (
    { name, run, of }: Entry<AnyHandler>,
    message: StationMessage,
    response: Validator | undefined,
  ): Promise<HookVerdict> => {
    const { stationId, protocol, messageId, action } = message;
    const request: unknown = structuredClone(message.request);
    const begun = clock.now();
    const outcome = await run.hook(action, (signal) => of(request, { stationId, protocol, messageId, signal }));
    if (outcome.kind === "refused") {
      log.info({ plugin: name, stationId, action, code: outcome.error.code }, "A plug-in refused a message");
      return { veto: outcome.error };
    }
    if (outcome.kind === "failed" || outcome.value === undefined) return undefined;
    let answer: unknown;
    try {
      answer = sendable(outcome.value);
    } catch {
      run.blame(action, "The answer is no JSON");
      return undefined;
    }
    const violation = response?.(answer);
    if (violation === undefined) {
      log.debug({ plugin: name, stationId, action, milliseconds: clock.now() - begun }, "A plug-in answered a message");
      return { answer };
    }
    run.blame(action, `The answer violates its schema at /${violation.path.join("/")}: ${violation.message}`);
    return undefined;
  };

  return {
    attach: (plugin) => {
      plugins.add(plugin);
      slots = settle(plugins);
      return () => {
        plugins.delete(plugin);
        slots = settle(plugins);
      };
    },
    wanted: (protocol, action) => slots.has(`${protocol} ${action}`),
    before: async (message) => {
      const slot = slotOf(message.protocol, message.action);
      for (const entry of slot?.handlers ?? []) {
        const verdict = await ask(entry, message, slot?.response);
        if (verdict !== undefined) return verdict;
      }
      return undefined;
    },
    after: (message, answer) => {
      const { stationId, protocol, messageId, action } = message;
      for (const { run, of } of slotOf(protocol, action)?.listeners ?? []) {
        const copies: readonly [unknown, unknown] = [structuredClone(message.request), structuredClone(answer)];
        void run.hook(`after ${action}`, (signal) => of(...copies, { stationId, protocol, messageId, signal }));
      }
    },
  };
}
