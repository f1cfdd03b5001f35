import type { Layout } from "./json-text.ts";
import type { Version } from "./version.ts";

/** A package of the npm registry that carries schema sets, pinned by version and hash. */
export interface Source {
  readonly name: string;
  readonly version: string;
  /** sha512 of the tarball in the notation of npm lock files. */
  readonly integrity: string;
  readonly sets: readonly SourceSet[];
}

/** One file of a package that holds all schemas of one version in a JSON array. */
export interface SourceSet {
  readonly version: Version;
  readonly path: string;
  readonly layout: Layout;
}

/**
 * Where the schemas come from. The layouts of 2.0.1 and 2.1 are those of the files that the Open Charge Alliance
 * publishes, so the bytes are the same; of 1.6 the registry has no verbatim copy, only one that accepts the same.
 */
export const sources: readonly Source[] = [
  {
    name: "ocpp-rpc",
    version: "2.2.1",
    integrity: "sha512-CEzYrdv8U62c7SLcoEhjs0k2SvTULeAYVzVfoQgE9B5jRz5QeCQMTm854Nva6xgNfNcOVX9qPKcAoWhSmQj6sA==",
    sets: [{ version: "1.6", path: "package/lib/schemas/ocpp1_6.json", layout: { indent: 2, ascii: false } }],
  },
  {
    name: "iobroker.ocpp21",
    version: "0.4.1",
    integrity: "sha512-pTBhIvWdFRh++luMHVtAHOSWkF1tAIz9P2v/Ms9oeYzjFBBOALqtcyhLFuRzF0ZN8GNlfT5qlQgLI7/NL0Odxw==",
    sets: [
      {
        version: "2.0.1",
        path: "package/ocpp/schemas/ocpp2_0_1_official.json",
        layout: { indent: 2, ascii: false },
      },
      { version: "2.1", path: "package/ocpp/schemas/ocpp2_1_official.json", layout: { indent: 4, ascii: true } },
    ],
  },
];
