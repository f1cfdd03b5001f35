import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";

const seeded = fileURLToPath(new URL("test/fast-check.ts", import.meta.url));

/** Puts fast-check with the seed of this repository in the place of fast-check. */
const seededFastCheck: Plugin = {
  name: "seeded-fast-check",
  enforce: "pre",
  resolveId: (source, importer) => (source === "fast-check" && importer !== seeded ? seeded : undefined),
};
const plugins = [seededFastCheck];

const resolve = { conditions: ["@ocpp/source"] };
const ssr = { resolve: { conditions: ["@ocpp/source"] } };

/** Suites that put other modules in the place of ours, and so need modules of their own. */
const isolated = ["test/sdk/websocket-client/browser.test.ts"];

export default defineConfig({
  test: {
    // More workers than cores, since many tests wait: for a process, a deadline or a disk. By default one core is left idle.
    maxWorkers: "150%",
    reporters: ["default", "./.ci/summary-reporter.ts"],
    projects: [
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: "unit",
          include: ["{packages,generated,codegen}/**/src/**/*.test.ts"],
          testTimeout: 30_000,
          globalSetup: ["test/test-databases.ts"],
          // The files of a worker share their modules, which halves the time of a run: no module has a state of its own.
          isolate: false,
        },
      },
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: "suites",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/sdk/oracle/**", ...isolated],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false,
        },
      },
      { plugins, resolve, ssr, test: { name: "isolated", include: isolated, testTimeout: 120_000 } },
      {
        plugins,
        resolve,
        ssr,
        test: { name: "oracle", include: ["test/sdk/oracle/**/*.test.ts"], testTimeout: 3_600_000, isolate: false },
      },
    ],
  },
});
