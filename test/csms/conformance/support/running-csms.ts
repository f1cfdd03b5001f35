import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Csms, configurationOf, createCsms, type SomeConfiguration } from "@ocpp/csms";
import { type Operator, operatorOf } from "./operator.ts";

/** A CSMS that runs for a test, on SQLite in a folder of its own. */
export interface RunningCsms {
  readonly csms: Csms;
  readonly url: string;
  readonly apiUrl: string;
  readonly operator: Operator;
  /** Enters a station that is accepted, with a password where one is given. */
  addStation(identity: string, settings?: object): Promise<void>;
  close(): Promise<void>;
}

/** Starts a CSMS on free ports of 127.0.0.1. What is given stands in place of the defaults. */
export async function runCsms(configuration: SomeConfiguration = {}): Promise<RunningCsms> {
  const folder = await mkdtemp(join(tmpdir(), "ocpp-csms-"));
  const settled = configurationOf({
    ...configuration,
    webSocket: { port: 0, ...configuration.webSocket },
    api: { port: 0, ...configuration.api },
    store: { folder, ...configuration.store },
    log: { level: "silent", ...configuration.log },
  });
  const csms = await createCsms({ configuration: settled });
  const operator = operatorOf(csms.apiUrl);
  return {
    csms,
    url: csms.webSocketUrl,
    apiUrl: csms.apiUrl,
    operator,
    addStation: async (id, settings = {}) => {
      await operator.post("/api/v1/stations", { id, registration: "Accepted", ...settings });
    },
    close: async () => {
      await csms.close(1_000);
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
