import type { Clock, Protocol, Validator } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import type { Log } from "../observability/logging.ts";
import type { HookVerdict, MessageHooks, StationMessage } from "../shared/message-hooks.ts";
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
type AnyAmendment = (request: unknown, answer: unknown, context: MessageContext) => unknown;
type AnyListener = (request: unknown, answer: unknown, context: MessageContext) => unknown;
type MapName = keyof PluginHooks & `${"on" | "amend" | "after"}${number}`;

/** The names of the maps of one version. */
interface Version {
  readonly protocol: Protocol;
  readonly on: MapName;
  readonly amend: MapName;
  readonly after: MapName;
}

const versions: readonly Version[] = [
  { protocol: v16, on: "on16", amend: "amend16", after: "after16" },
  { protocol: v201, on: "on201", amend: "amend201", after: "after201" },
  { protocol: v21, on: "on21", amend: "amend21", after: "after21" },
];

interface Entry<F> extends AttachedHooks {
  readonly of: F;
}

/** All that concerns one action of one version. */
interface Slot {
  readonly handlers: readonly Entry<AnyHandler>[];
  readonly amendments: readonly Entry<AnyAmendment>[];
  readonly listeners: readonly Entry<AnyListener>[];
  readonly response: Validator | undefined;
}

function entries<F>(plugins: Iterable<AttachedHooks>, map: MapName, action: string): Entry<F>[] {
  return Array.from(plugins).flatMap((plugin) => {
    const own: object = plugin.hooks[map] ?? {};
    const of: unknown = Object.hasOwn(own, action) ? Reflect.get(own, action) : undefined;
    return typeof of === "function" ? [{ ...plugin, of: of as F }] : [];
  });
}

/** Who is asked about what, settled once so that messages no hook asks about cost one look-up. */
function settle(plugins: Iterable<AttachedHooks>): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const { protocol, on, amend, after } of versions) {
    for (const [action, { response }] of Object.entries(protocol.actions)) {
      const handlers = entries<AnyHandler>(plugins, on, action);
      const amendments = entries<AnyAmendment>(plugins, amend, action);
      const listeners = entries<AnyListener>(plugins, after, action);
      if (handlers.length + amendments.length + listeners.length === 0) continue;
      slots.set(`${protocol.subprotocol} ${action}`, { handlers, amendments, listeners, response });
    }
  }
  return slots;
}

/**
 * An answer of a plug-in as it will be sent, put over what there is already where it amends that, or what is wrong with it. A
 * field that is undefined is left out, so it sets and removes nothing.
 */
function usable(
  made: unknown,
  response: Validator | undefined,
  under?: unknown,
): { readonly answer: unknown } | { readonly complaint: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(JSON.stringify(made));
  } catch {
    return { complaint: "is no JSON" };
  }
  if (typeof under === "object") answer = { ...under, ...Object(answer) };
  const violation = response?.(answer);
  if (violation === undefined) return { answer };
  return { complaint: `violates its schema at /${violation.path.join("/")}: ${violation.message}` };
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
    const checked = usable(outcome.value, response);
    if ("complaint" in checked) {
      run.blame(action, `The answer ${checked.complaint}`);
      return undefined;
    }
    log.debug({ plugin: name, stationId, action, milliseconds: clock.now() - begun }, "A plug-in answered a message");
    return checked;
  };

  /** The answer with what a plug-in sets; as it was where that is nothing, fails, or makes it violate its schema. */
  const amended = async (
    { name, run, of }: Entry<AnyAmendment>,
    message: StationMessage,
    answer: unknown,
    response: Validator | undefined,
  ): Promise<unknown> => {
    const { stationId, protocol, messageId, action } = message;
    const what = `amend ${action}`;
    const copies: readonly [unknown, unknown] = [structuredClone(message.request), structuredClone(answer)];
    const outcome = await run.hook(what, (signal) => of(...copies, { stationId, protocol, messageId, signal }));
    if (outcome.kind === "refused")
      run.blame(what, "An answer can be amended, not refused: the message has been handled");
    if (outcome.kind !== "value" || outcome.value === undefined) return answer;
    const { value } = outcome;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      run.blame(what, "The amendment is no object with fields of the answer");
      return answer;
    }
    const checked = usable(value, response, answer);
    if ("complaint" in checked) {
      run.blame(what, `The amended answer ${checked.complaint}; the answer was sent without the amendment`);
      return answer;
    }
    log.debug({ plugin: name, stationId, action, fields: Object.keys(value) }, "A plug-in amended an answer");
    return checked.answer;
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
    amend: async (message, given) => {
      const slot = slotOf(message.protocol, message.action);
      let answer = given;
      // What is only sent has no answer.
      if (slot?.response === undefined) return given;
      for (const entry of slot.amendments) answer = await amended(entry, message, answer, slot.response);
      return answer;
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
