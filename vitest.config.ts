import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@ocpp/source"] };
const ssr = { resolve: { conditions: ["@ocpp/source"] } };

export default defineConfig({
  test: {
    // By default one core is left idle, which on two cores doubles the time of a run.
    maxWorkers: "100%",
    reporters: ["default", "./.ci/summary-reporter.ts"],
    projects: [
      {
        resolve,
        ssr,
        test: { name: "unit", include: ["{packages,generated,codegen}/**/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        resolve,
        ssr,
        test: {
          name: "suites",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/oracle/**"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      { resolve, ssr, test: { name: "oracle", include: ["test/oracle/**/*.test.ts"], testTimeout: 3_600_000 } },
    ],
  },
});
