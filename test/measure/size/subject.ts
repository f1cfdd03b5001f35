import * as v16 from "@ocpp/v16";
import * as v21 from "@ocpp/v21";
import * as v201 from "@ocpp/v201";
import { ajvStandalone } from "./ajv-standalone.ts";
import { type Weight, weigh } from "./bundle.ts";

/** One row of the table: what is weighed, and the most that it may weigh, in bytes after gzip. */
export interface Subject {
  readonly what: string;
  readonly limit?: number;
  readonly weigh: () => Promise<Weight>;
}

/** What is weighed, ours first, then what others need for the same. */
export const subjects: readonly Subject[] = [
  { what: "all validators of 1.6", weigh: () => weigh({ source: allValidators("@ocpp/v16", v16) }) },
  {
    what: "all validators of 2.0.1",
    limit: 11_000,
    weigh: () => weigh({ source: allValidators("@ocpp/v201", v201) }),
  },
  { what: "all validators of 2.1", weigh: () => weigh({ source: allValidators("@ocpp/v21", v21) }) },
  { what: "all of 2.0.1 by action: validators, action map, wire rules", weigh: () => weigh({ entry: "v201.ts" }) },
  { what: "core alone", weigh: () => weigh({ entry: "core.ts" }) },
  {
    what: "browser station, all of 2.0.1 (core, client, validators)",
    limit: 18_000,
    weigh: () => weigh({ entry: "browser-station.ts" }),
  },
  {
    what: "browser station, BootNotification and Heartbeat only",
    limit: 8_000,
    weigh: () => weigh({ entry: "two-actions.ts" }),
  },
  { what: "ajv 8 standalone, all of 2.0.1", weigh: () => weigh({ source: ajvStandalone() }) },
  { what: "typed-ocpp 1.6, validation of 2.0.1", weigh: () => weigh({ entry: "typed-ocpp.ts" }) },
  { what: "ocpp-rpc 2.2, client (Node only)", weigh: () => weigh({ entry: "ocpp-rpc.ts" }, "node") },
];

/** A program that uses the validators of all messages of a version and nothing else of it. */
function allValidators(name: string, version: object): string {
  const names = Object.keys(version).filter((key) => /^validate\w+(Request|Response)$/.test(key));
  return `export { ${names.join(", ")} } from "${name}";`;
}
