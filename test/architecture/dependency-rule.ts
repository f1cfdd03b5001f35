/*
 * Which package may import which, as DESIGN §2 says: `generated/*` and `core` nothing, `websocket` core, `neutral` and
 * `station` core and generated, the programs what they like of those. Nothing imports `codegen` or `test`.
 */

/** What a package may import beside its own files. */
export interface Allowance {
  /** Packages, ours and others'. */
  readonly packages: readonly string[];
  /** The folders below `src` where Node's own modules may be imported, or all of them. */
  readonly node: readonly string[] | "everywhere";
}

const nothing: Allowance = { packages: [], node: [] };
const versions = ["@ocpp/v16", "@ocpp/v201", "@ocpp/v21"];

/** By the package's folder. A package that is not here may not exist. */
export const dependencyRule: { readonly [folder: string]: Allowance } = {
  "generated/v16": nothing,
  "generated/v201": nothing,
  "generated/v21": nothing,
  "packages/core": nothing,
  "packages/websocket": { packages: ["@ocpp/core", "isomorphic-ws", "ws"], node: ["server"] },
  "packages/csms": {
    packages: [
      "@fastify/cors",
      "@fastify/rate-limit",
      "@fastify/swagger-ui",
      "@ocpp/core",
      "@ocpp/websocket",
      "@opentelemetry/api",
      "csv-stringify",
      "fastify",
      "kysely",
      "libsql",
      "pg",
      "pino",
      "pino-roll",
      "prom-client",
      "yaml",
      ...versions,
    ],
    node: "everywhere",
  },
  "packages/neutral": { packages: ["@ocpp/core", ...versions], node: [] },
  "packages/station": { packages: ["@ocpp/core", ...versions, "@ocpp/neutral"], node: [] },
};

/** Packages that only Node has the use of, by the folder below `src` to which they are confined. */
export const confined: { readonly [folder: string]: { readonly [name: string]: string } } = {
  "packages/websocket": { ws: "server" },
  "packages/csms": { libsql: "store", pg: "store", fastify: "api", "prom-client": "operation", pino: "operation" },
};

/**
 * The folders below `src` of a package of many layers, from the bottom up. A folder imports those before it and none
 * behind it; the empty name stands for files directly in `src`, which put the layers together.
 */
export const layers: { readonly [folder: string]: readonly (readonly string[])[] } = {
  "packages/csms": [
    ["domain"],
    ["config", "operation", "store"],
    ["events"],
    ["services"],
    ["api", "background", "gateway", "plugins"],
    [""],
    ["cli"],
  ],
};
