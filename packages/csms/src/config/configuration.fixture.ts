import type { Configuration, SomeConfiguration } from "./configuration.ts";
import { configurationOf } from "./read-configuration.ts";

/** A configuration for tests: the defaults, ports that are free, and the given values. */
export function testConfiguration(some: object = {}): Configuration {
  const { webSocket, api, ...others } = some as SomeConfiguration;
  return configurationOf({ ...others, webSocket: { port: 0, ...webSocket }, api: { port: 0, ...api } });
}
