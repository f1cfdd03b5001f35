import { createRequire } from "node:module";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PluginEntry } from "../config/setting.ts";
import type { PluginDefinition } from "./plugin.ts";
import { PluginError } from "./plugin-error.ts";

/** A plug-in and what the configuration says for it. */
export interface LoadedPlugin {
  readonly definition: PluginDefinition;
  readonly options: unknown;
}

/** Where a module is: a path as seen from the folder, or a package as a program in that folder finds it. */
function placeOf(module: string, folder: string): string {
  if (module.startsWith("file:")) return module;
  if (/^\.{1,2}(\/|\\|$)/.test(module) || isAbsolute(module)) return pathToFileURL(resolve(folder, module)).href;
  try {
    return pathToFileURL(createRequire(resolve(folder, "plugin.js")).resolve(module)).href;
  } catch {
    // A package that only knows `import` is not found that way; the CSMS's own folder is the next best place to look.
    return module;
  }
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "name") === "string" &&
    typeof Reflect.get(value, "setup") === "function"
  );
}

/**
 * Loads the plug-ins that a configuration names, in its order. A module offers its plug-in as `plugin` or as the default
 * export. Paths are relative to `folder`. `load` runs what imports the module of an
 * entry, which it is told by its place. Rejects with a PluginError for the first that
 * cannot be loaded or is none.
 */
export async function loadPlugins(
  entries: readonly PluginEntry[],
  folder: string,
  load: <T>(entry: string, work: () => T) => T,
): Promise<LoadedPlugin[]> {
  const loaded: LoadedPlugin[] = [];
  for (const [index, { module, options }] of entries.entries()) {
    const which = `plugins[${index}] (${module})`;
    let exports: object;
    try {
      exports = (await load(which, () => import(placeOf(module, folder)))) as object;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new PluginError(`${which}: the module cannot be loaded: ${why}`, { cause: error });
    }
    const definition: unknown = Reflect.get(exports, "plugin") ?? Reflect.get(exports, "default");
    if (!isDefinition(definition)) {
      throw new PluginError(`${which}: the module exports no plug-in: export what definePlugin returns as "plugin"`);
    }
    loaded.push({ definition, options });
  }
  return loaded;
}
