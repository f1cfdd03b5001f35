/*
 * Which package may import which: `generated/*` and `core` nothing, `websocket` core, `neutral` and
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
      "@fastify/ajv-compiler",
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
  "packages/demo": { packages: ["@ocpp/core", "@ocpp/csms", "@ocpp/websocket", ...versions], node: "everywhere" },
  "packages/neutral": { packages: ["@ocpp/core", ...versions], node: [] },
  "packages/station": { packages: ["@ocpp/core", ...versions, "@ocpp/neutral"], node: [] },
};

/** Packages that have a place of their own, by the places below `src` to which they are confined. */
export const confined: { readonly [folder: string]: { readonly [name: string]: readonly string[] } } = {
  "packages/websocket": { ws: ["server"] },
  "packages/csms": {
    libsql: ["store"],
    pg: ["store"],
    fastify: ["http", "*/rest", "compat"],
    "prom-client": ["observability"],
    pino: ["observability"],
  },
};

/**
 * Where the CSMS knows versions of OCPP apart, by the beginnings of paths below `src`: a literal of a subprotocol or an import of
 * `@ocpp/v…` stands nowhere else. The API of plug-ins is typed by version.
 */
export const versionPlaces: readonly string[] = ["ocpp/versions/", "plugins/plugin.ts", "plugins/message-hooks.ts"];

/** Where the CSMS forms queries, by patterns of paths below `src`: repositories, the lists of REST, paging, and the store. */
export const queryPlaces: readonly RegExp[] = [
  /^store\//,
  /(^|\/)repository(\.ts$|\/)/,
  /(^|\/)rest\//,
  /^http\/(page|scan-page|send-page)\.ts$/,
];

/**
 * The places below `src` of a package, from the bottom up: a file imports from its own place and from those before it. A place
 * is a folder, a file that is named here, the folders `rest` or `jobs` of all subjects together, or `""`: the other files directly
 * in `src`, which put everything together. What rules, repositories and use cases of a subject may know is thus told by the
 * order of the subjects.
 */
export const places: { readonly [folder: string]: readonly (readonly string[])[] } = {
  "packages/csms": [
    ["shared"],
    // How the versions differ: what no subject asks a version, it asks these.
    ["ocpp/versions/sample.ts"],
    ["ocpp/versions/version.ts", "ocpp/versions/v16/meter-values.ts", "ocpp/versions/v2x/meter-values.ts"],
    ["ocpp/versions/v2x/version.ts"],
    ["ocpp/versions/v16/version.ts", "ocpp/versions/v201/version.ts", "ocpp/versions/v21/version.ts"],
    ["ocpp/versions/versions.ts"],
    ["config", "store"],
    ["observability"],
    ["events"],
    // What every subject is built on: store, events, clock, log and configuration together.
    ["infrastructure.ts"],
    // Tells operators through an event of its own, so that it stands above the events.
    ["observability/system-log.ts"],
    ["observability/refusal-log.ts"],
    ["stations"],
    ["connectors"],
    ["tokens"],
    ["transactions"],
    ["commands"],
    ["reservations"],
    ["webhooks"],
    ["services.ts"],
    ["jobs"],
    ["*/jobs"],
    ["http"],
    ["*/rest"],
    ["compat"],
    ["resources.ts"],
    ["plugins"],
    ["ocpp"],
    [""],
    ["cli"],
    ["main.ts"],
  ],
};
