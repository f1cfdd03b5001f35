import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ThreadSetup } from "./thread-messages.ts";

interface Transpiler {
  transformSync(
    code: string,
    options: { readonly loader: "ts"; readonly format: "cjs"; readonly target: string },
  ): { readonly code: string };
}

/**
 * The program of the thread for a Node that runs from source and cannot read TypeScript in a thread: `tsx`, which such
 * runs have, brings the compiler that takes the types off.
 */
function transpiled(file: string): string {
  const require = createRequire(file);
  const transpiler = createRequire(require.resolve("tsx"))("esbuild") as Transpiler;
  const { code } = transpiler.transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
  });
  return `((require) => {${code}\n})(require("node:module").createRequire(${JSON.stringify(file)}));`;
}

/** Starts a database thread. */
export function startThread(setup: ThreadSetup): Worker {
  const options = { workerData: setup, execArgv: [], env: {}, name: setup.readOnly ? "reader" : "writer" };
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const entry = new URL(`./thread.${extension}`, import.meta.url);
  const { typescript } = process.features as { readonly typescript?: unknown };
  if (extension === "js" || (typescript !== undefined && typescript !== false)) return new Worker(entry, options);
  return new Worker(transpiled(fileURLToPath(entry)), { ...options, eval: true });
}
