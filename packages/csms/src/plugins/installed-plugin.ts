import type { Operations } from "../commands/operations.ts";
import type { CsmsEvent, EventFilter } from "../events/events.ts";
import { matchesFilter } from "../events/filter.ts";
import type { Services } from "../services.ts";
import { withDeadline } from "./deadline.ts";
import type { PluggableHooks } from "./message-hooks.ts";
import type { PluginHooks, PluginHost } from "./plugin.ts";
import { PluginError } from "./plugin-error.ts";
import type { LoadedPlugin } from "./plugin-loader.ts";
import { createPluginRun } from "./plugin-run.ts";
import type { PluginScope } from "./plugin-scope.ts";
import { createPluginTimers } from "./plugin-timers.ts";

/** A plug-in that is set up. */
export interface InstalledPlugin {
  readonly name: string;
  /** Runs its `start` and lets it take part; whether that went well. */
  start(): Promise<boolean>;
  /** Takes everything of it away, and runs its `stop` where it was started. Never rejects. */
  stop(): Promise<void>;
}

/** Milliseconds that `setup` may take. */
const setupTime = 30_000;

type Listener = (event: CsmsEvent) => void | Promise<void>;

/** The listeners of a plug-in, with the events that each wants. */
function listenersOf({ events, onConnect, onDisconnect, onOnline, onOffline }: PluginHooks): [string, Listener][] {
  const stations = [
    ["station.connected", onConnect],
    ["station.disconnected", onDisconnect],
    ["station.online", onOnline],
    ["station.offline", onOffline],
  ] as const;
  return [
    ...stations.flatMap(([kind, tell]): [string, Listener][] =>
      tell === undefined
        ? []
        : [[kind, (event) => (event.stationId === null ? undefined : tell(event.stationId, event))]],
    ),
    ...Object.entries(events ?? {}).flatMap(([kind, tell]): [string, Listener][] =>
      tell === undefined ? [] : [[kind, tell]],
    ),
  ];
}

/** The operations, called by a plug-in: what the CSMS does for it runs outside of the scope, and the promises are its own. */
function operationsOutside(operations: Operations, scope: PluginScope): Operations {
  type Operate = (...parameters: unknown[]) => Promise<unknown>;
  const wrapped = Object.entries(operations).map(([name, operate]: [string, Operate]) => [
    name,
    async (...parameters: unknown[]) => await scope.outside(() => operate(...parameters)),
  ]);
  // The names and parameters are those of the operations.
  return Object.fromEntries(wrapped) as Operations;
}

/** Sets a plug-in up. Rejects with a PluginError where its `setup` throws, hangs, or returns no hooks. */
export async function installPlugin(
  services: Services,
  pluggable: PluggableHooks,
  scope: PluginScope,
  { definition, options }: LoadedPlugin,
): Promise<InstalledPlugin> {
  const { clock, commander, events, connections, dataTransfers } = services;
  const { name } = definition;
  const part = services.log.part("plugins");
  const named = (fields: object): object => ({ plugin: name, ...fields });
  const log: PluginHost["log"] = {
    debug: (fields, text) => part.debug(named(fields), text),
    info: (fields, text) => part.info(named(fields), text),
    warn: (fields, text) => part.warn(named(fields), text),
    error: (fields, text) => part.error(named(fields), text),
    part: () => log,
  };
  const run = createPluginRun(clock, log, scope, definition.deadline);
  const timers = createPluginTimers(clock);
  const undo = new Set<() => void>();
  let started = false;

  const until = (take: () => void): (() => void) => {
    const once = (): void => {
      if (undo.delete(once)) take();
    };
    undo.add(once);
    return once;
  };
  const subscribe = (what: string, filter: EventFilter, listener: Listener): (() => void) =>
    until(
      events.subscribe((event) => {
        if (matchesFilter(filter, event)) void run.hook(what, () => listener(event));
      }),
    );

  const host: PluginHost = {
    name,
    options,
    log,
    operations: operationsOutside(services.operations, scope),
    now: () => clock.now(),
    // Its own promise, so that a rejection that the plug-in does not handle is the plug-in's.
    call: async (stationId, action, payload, callOptions) =>
      await scope.outside(() => commander.call(stationId, action, payload, { ...callOptions, requestedBy: name })),
    connected: (stationId) => connections.of(stationId)?.protocol,
    every: (milliseconds, work) => timers.every(milliseconds, () => run.hook("timer", () => work())),
    once: (milliseconds, work) => timers.once(milliseconds, () => run.hook("timer", () => work())),
    subscribe: (filter, listener) => subscribe("subscription", filter, listener),
  };

  const stop = async (): Promise<void> => {
    timers.clear();
    for (const take of undo) take();
    if (!started) return;
    started = false;
    await run.hook("stop", () => hooks.stop?.());
  };
  let hooks: PluginHooks;
  try {
    hooks = await setUp();
  } catch (error) {
    await stop();
    throw error;
  }

  async function setUp(): Promise<PluginHooks> {
    let made: unknown;
    try {
      made = await scope.run(run, () => withDeadline(clock, setupTime, () => definition.setup(host)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new PluginError(`The plug-in ${name} cannot be set up: ${why}`, { cause: error });
    }
    if (typeof made === "object" && made !== null) return made;
    throw new PluginError(`The plug-in ${name} cannot be set up: its setup returned no hooks`);
  }

  const handleTransfers = (): void => {
    for (const { vendorId, messageId, answer } of hooks.dataTransfers ?? []) {
      until(
        dataTransfers.handle(vendorId, messageId, async (transfer) => {
          const outcome = await run.hook(`DataTransfer ${vendorId}`, () => answer(transfer));
          return outcome.kind === "value" ? outcome.value : { status: "Rejected" };
        }),
      );
    }
  };

  return {
    name,
    start: async () => {
      started = true;
      const outcome = await run.hook("start", () => {
        handleTransfers();
        return hooks.start?.();
      });
      if (outcome.kind !== "value") {
        await stop();
        return false;
      }
      until(pluggable.attach({ name, hooks, run }));
      for (const [kind, listener] of listenersOf(hooks)) subscribe(kind, { kinds: [kind] }, listener);
      return true;
    },
    stop,
  };
}
