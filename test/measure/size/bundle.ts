import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));

/** What a bundle weighs, in bytes. */
export interface Weight {
  readonly minified: number;
  readonly gzipped: number;
}

/** A program to weigh: a file in `entries/`, or a source of which the file does not exist. */
export type Program = { readonly entry: string } | { readonly source: string };

/**
 * Bundles a program from the built packages as a page would ship it: esbuild, for browsers, minified, gzip level 9.
 * `node` leaves Node's own modules out, for what no browser can run.
 */
export async function weigh(program: Program, platform: "browser" | "node" = "browser"): Promise<Weight> {
  const from: BuildOptions =
    "entry" in program
      ? { entryPoints: [`${folder}/entries/${program.entry}`] }
      : { stdin: { contents: program.source, resolveDir: folder } };
  const { outputFiles } = await build({
    ...from,
    bundle: true,
    minify: true,
    write: false,
    platform,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    // Of ws only these two, which are optional there and native.
    external: ["bufferutil", "utf-8-validate"],
    logLevel: "error",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

/** Throws where the packages have not been built: what is weighed is what is published. */
export function requireBuild(): void {
  for (const built of ["packages/core", "packages/websocket", "generated/v16", "generated/v201", "generated/v21"]) {
    if (!existsSync(`${folder}/../../../${built}/dist/index.js`)) throw new Error(`${built} is not built: pnpm build`);
  }
}
