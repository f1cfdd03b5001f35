import { readCatalogue } from "./catalogue.ts";

const { ids: known } = readCatalogue();

/**
 * Says which test cases and requirements the test verifies that calls it: `verifies("TC_B_01_CSMS", "B01.FR.02")`.
 * The ids are string literals, since a scanner reads them from the source for docs/conformance.md (`pnpm conformance`).
 * Throws for an id that no file of test/csms/conformance/requirements has. Tests inside packages, which import nothing from
 * here, cite by their title: `it("refuses a wrong password (A00.FR.204)", …)`.
 */
export function verifies(...ids: readonly string[]): void {
  for (const id of ids) {
    if (!known.has(id))
      throw new Error(`No requirement or test case is called ${id}; test/csms/conformance/requirements lists them`);
  }
}
