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

export default defineConfig({
  test: {
    // By default one core is left idle, which on two cores doubles the time of a run.
    maxWorkers: "100%",
    reporters: ["default", "./.ci/summary-reporter.ts"],
    projects: [
      {
        plugins,
        resolve,
        ssr,
        test: { name: "unit", include: ["{packages,generated,codegen}/**/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: "suites",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/sdk/oracle/**"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins,
        resolve,
        ssr,
        test: { name: "oracle", include: ["test/sdk/oracle/**/*.test.ts"], testTimeout: 3_600_000 },
      },
    ],
  },
});
