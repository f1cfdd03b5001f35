/*
 * `pnpm conformance`: how the CSMS stands by the test cases and requirements of OCPP. `--write` writes docs/conformance.md,
 * `--check` fails where that file says something else than the requirements and the tests do.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readCatalogue } from "./catalogue.ts";
import { readCitations } from "./catalogue-citations.ts";
import { formatDocument } from "./table.ts";
import { standings, tally } from "./table-standing.ts";

const file = new URL("../../../docs/conformance.md", import.meta.url);
const { values: flags } = parseArgs({ options: { check: { type: "boolean" }, write: { type: "boolean" } } });

const catalogue = readCatalogue();
const standingOf = standings(catalogue, readCitations());
const document = formatDocument(catalogue, standingOf);

const core = catalogue.testCases.filter(({ profile }) => profile === "core");
const count = tally(
  core.map(({ id }) => id),
  standingOf,
);
console.log(`Core test cases: ${count.tested} pass, ${count.missing} are missing, of ${core.length}.`);

if (flags.write === true) writeFileSync(file, document);
if (flags.check === true && (!existsSync(file) || readFileSync(file, "utf8") !== document)) {
  console.error("docs/conformance.md is not what the requirements and tests say: run pnpm conformance --write");
  process.exitCode = 1;
}
