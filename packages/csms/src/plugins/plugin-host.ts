import type { PluginEntry } from "../config/setting.ts";
import type { Services } from "../services/services.ts";
import { type InstalledPlugin, installPlugin } from "./installed-plugin.ts";
import type { PluggableHooks } from "./message-hooks.ts";
import type { PluginDefinition } from "./plugin.ts";
import { PluginError } from "./plugin-error.ts";
import { loadPlugins } from "./plugin-loader.ts";

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
  /** Stops them, the last first. Never rejects. */
  stop(): Promise<void>;
}

/** Makes the set of plug-ins; at first without any. `hooks` are those that the gateway asks. */
export function createPluginHost(services: Services, hooks: PluggableHooks): PluginSet {
  const installed: InstalledPlugin[] = [];
  const running: InstalledPlugin[] = [];

  const stop = async (): Promise<void> => {
    for (const plugin of installed.splice(0).toReversed()) await plugin.stop();
    running.length = 0;
  };

  const install = async (
    entries: readonly PluginEntry[],
    definitions: readonly PluginDefinition[],
    folder: string,
  ): Promise<void> => {
    const embedded = definitions.map((definition) => ({ definition, options: undefined }));
    for (const plugin of [...(await loadPlugins(entries, folder)), ...embedded]) {
      const { name } = plugin.definition;
      if (installed.some((other) => other.name === name)) {
        throw new PluginError(`There are two plug-ins of the name ${name}: take one out of the configuration`);
      }
      installed.push(await installPlugin(services, hooks, plugin));
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
      services.log.part("plugins").info({ plugins: running.map(({ name }) => name) }, "Plug-ins take part");
    },
    stop,
  };
}
