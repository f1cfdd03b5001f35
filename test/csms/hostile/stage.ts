import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Csms,
  configurationOf,
  createCsms,
  createLog,
  type PluginDefinition,
  type Resource,
  type SomeConfiguration,
} from "@ocpp/csms";
import { type Operator, operatorOf } from "../conformance/support/operator.ts";

/** A CSMS on SQLite of which everything that it writes anywhere can be looked at. */
export interface Stage {
  readonly csms: Csms;
  readonly url: string;
  readonly apiUrl: string;
  readonly operator: Operator;
  /** The lines of its log, as they would be written to standard output. */
  readonly lines: readonly string[];
  /** The bytes of all files of the database, as text. */
  files(): Promise<string>;
  close(): Promise<void>;
}

/** Starts a CSMS that logs everything. What is given stands in place of the defaults. */
export async function openStage(
  configuration: SomeConfiguration = {},
  options: {
    readonly apiKey?: string;
    readonly resources?: readonly Resource[];
    readonly plugins?: readonly PluginDefinition[];
  } = {},
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "ocpp-hostile-"));
  const lines: string[] = [];
  const settled = configurationOf({
    ...configuration,
    webSocket: { port: 0, ...configuration.webSocket },
    api: { port: 0, rateLimit: 0, ...configuration.api },
    store: { folder, ...configuration.store },
    log: { level: "trace", ...configuration.log },
  });
  const log = createLog({
    settings: settled.log,
    systemName: settled.systemName,
    output: {
      write: (line) => {
        lines.push(line);
      },
    },
  });
  const { resources = [], plugins = [] } = options;
  const csms = await createCsms({ configuration: settled, log, resources, plugins });
  return {
    csms,
    url: csms.webSocketUrl,
    apiUrl: csms.apiUrl,
    operator: operatorOf(csms.apiUrl, options.apiKey),
    lines,
    files: async () => {
      const names = await readdir(folder);
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")));
      return texts.join("\n");
    },
    close: async () => {
      // Where it is cut short, a thread may yet write for a moment while the folder is removed.
      await csms.close(500);
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
