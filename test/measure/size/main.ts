/*
 * `pnpm size`: what our packages weigh in a bundle, beside what others need for the same job, weighed in the same run.
 * `--write` puts the table into the README, `--check` fails where the README shows another one, so that every change of
 * weight is seen in a diff. A goal that is missed is said, by how much, and fails nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { requireBuild } from "./bundle.ts";
import { subjects } from "./subject.ts";
import { drift, formatTable, kilobytes, type Row, withTable } from "./table.ts";

const readme = new URL("../../../README.md", import.meta.url);
const { values: flags } = parseArgs({ options: { check: { type: "boolean" }, write: { type: "boolean" } } });

requireBuild();
const rows: Row[] = [];
for (const subject of subjects) rows.push({ subject, ...(await subject.weigh()) });

const table = formatTable(rows);
console.log(table);

for (const { subject, gzipped } of rows) {
  const { what, limit } = subject;
  if (limit !== undefined && gzipped > limit) {
    console.error(`${what}: ${kilobytes(gzipped)} misses the goal of ${kilobytes(limit)}`);
  }
}
const faults: string[] = [];
if (flags.write === true) writeFileSync(readme, withTable(readFileSync(readme, "utf8"), table));
if (flags.check === true) {
  const stale = drift(readFileSync(readme, "utf8"), table);
  faults.push(...stale.map((line) => `README, ${line}`));
  if (stale.length > 0) faults.push("Run pnpm size --write");
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
