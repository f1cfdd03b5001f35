import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Counts a run's tests into the file that OCPP_TEST_SUMMARY names; `.ci/workspace.mjs` adds the files up. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const file = process.env["OCPP_TEST_SUMMARY"];
    if (file === undefined) return;
    const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const brokenModules = modules.filter((module) => module.errors().length > 0).length;
    writeFileSync(
      file,
      JSON.stringify({
        passed: of("passed").length,
        failed: of("failed").length + brokenModules + errors.length,
        skipped: of("skipped").map((test) => `${test.module.relativeModuleId} > ${test.fullName}`),
      }),
    );
  }
}
