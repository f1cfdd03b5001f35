import type { PluginEntry } from "../config/setting.ts";
import type { Services } from "../services.ts";
import { endsWithin } from "../store/ends-within.ts";
import { type InstalledPlugin, installPlugin } from "./installed-plugin.ts";
import type { PluggableHooks } from "./message-hooks.ts";
import type { PluginDefinition } from "./plugin.ts";
import { PluginError } from "./plugin-error.ts";
import { loadPlugins } from "./plugin-loader.ts";
import { createPluginScope } from "./plugin-scope.ts";

/** The plug-ins of a CSMS. */
export interface PluginSet {
  /** The names of those that take part, in their order. */
  readonly names: readonly string[];
  /**
   * Loads what the configuration names, then sets all up in order, and starts them. Rejects with a PluginError where one
   * cannot be loaded or set up, or two have one name; one that does not start is logged and left out. Relative paths are
   * taken from `folder`, the working directory unless given.
   */
  start(entries: readonly PluginEntry[], definitions: readonly PluginDefinition[], folder?: string): Promise<void>;
  /**
   * Stops them, the last first, within so many milliseconds where they are given: each gets its share of what is left, and what
   * hangs is left to itself. Resolves with the names of those that did not stop in time; never rejects.
   */
  stop(timeout?: number): Promise<readonly string[]>;
  /** Takes no more care of uncaught errors. To be called last, since timers of plug-ins may outlive their plug-in. */
  close(): void;
}

/** Makes the set of plug-ins; at first without any. `hooks` are those that the gateway asks. */
export function createPluginHost(services: Services, hooks: PluggableHooks): PluginSet {
  const installed: InstalledPlugin[] = [];
  const running: InstalledPlugin[] = [];
  const scope = createPluginScope();
  const log = services.log.part("plugins");

  const stop = async (timeout?: number): Promise<readonly string[]> => {
    const { clock } = services;
    const end = timeout === undefined ? undefined : clock.now() + timeout;
    const hung: string[] = [];
    const stopping = installed.splice(0).toReversed();
    for (const [index, plugin] of stopping.entries()) {
      const share = end === undefined ? undefined : (end - clock.now()) / (stopping.length - index);
      if (!(await endsWithin(clock, plugin.stop(), share))) hung.push(plugin.name);
    }
    running.length = 0;
    return hung;
  };

  /** Runs a module that is being loaded, which has no name yet. */
  const load = <T>(entry: string, work: () => T): T => {
    const uncaught = (error: unknown, origin: string): void => {
      log.error({ module: entry, error, origin }, "An error in the module of a plug-in was not caught");
    };
    return scope.run({ uncaught }, work);
  };

  const install = async (
    entries: readonly PluginEntry[],
    definitions: readonly PluginDefinition[],
    folder: string,
  ): Promise<void> => {
    const embedded = definitions.map((definition) => ({ definition, options: undefined }));
    for (const plugin of [...(await loadPlugins(entries, folder, load)), ...embedded]) {
      const { name } = plugin.definition;
      if (installed.some((other) => other.name === name)) {
        throw new PluginError(`There are two plug-ins of the name ${name}: take one out of the configuration`);
      }
      installed.push(await installPlugin(services, hooks, scope, plugin));
    }
  };

  return {
    get names() {
      return running.map(({ name }) => name);
    },
    start: async (entries, definitions, folder = process.cwd()) => {
      try {
        await install(entries, definitions, folder);
      } catch (error) {
        await stop();
        throw error;
      }
      for (const plugin of installed) if (await plugin.start()) running.push(plugin);
      if (running.length === 0) return;
      log.info({ plugins: running.map(({ name }) => name) }, "Plug-ins take part");
    },
    stop,
    close: () => scope.close(),
  };
}
