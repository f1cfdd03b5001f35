import { stringify } from "csv-stringify/sync";
import type { ReportEntry } from "./sessions.ts";

type Pages = AsyncIterable<readonly ReportEntry[]>;

/** The sums of a report; energy in tenths of a Wh, so that they are exact. */
interface Sums {
  tenths: number;
  complete: number;
  incomplete: number;
}

function add(sums: Sums, { energyDelivered, counted, complete }: ReportEntry): void {
  sums.tenths += Math.round(energyDelivered * 10_000);
  if (counted && complete) sums.complete += 1;
  if (counted && !complete) sums.incomplete += 1;
}

/**
 * A report as JSON, in pieces. The sums stand after the list, since they are known only then; who parses it does not see
 * the difference.
 */
export async function* reportJson(head: Readonly<Record<string, unknown>>, pages: Pages): AsyncGenerator<string> {
  const sums: Sums = { tenths: 0, complete: 0, incomplete: 0 };
  yield `${JSON.stringify(head).slice(0, -1)},"transactions":[`;
  let first = true;
  for await (const entries of pages) {
    for (const entry of entries) add(sums, entry);
    const text = entries.map((entry) => JSON.stringify(entry)).join(",");
    if (text === "") continue;
    yield first ? text : `,${text}`;
    first = false;
  }
  const totals = {
    totalEnergyDelivered: sums.tenths / 10_000,
    completeTransactions: sums.complete,
    incompleteTransactions: sums.incomplete,
  };
  yield `],${JSON.stringify(totals).slice(1)}`;
}

const columns: readonly (keyof ReportEntry)[] = [
  "chargePointId",
  "transactionId",
  "startTimestamp",
  "stopTimestamp",
  "energyDelivered",
  "idTag",
  "complete",
  "energyTotal",
  "counted",
];

/**
 * A report as CSV (RFC 4180) with a header, in pieces. Texts that a spreadsheet would run as a formula, such as an id token
 * `=1+1`, are led by an apostrophe.
 */
export async function* reportCsv(pages: Pages): AsyncGenerator<string> {
  const options = {
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: "windows" as const,
    // Half a line break is one to most who read the file.
    quoted_match: /[\r\n]/,
    cast: { boolean: String },
  };
  yield stringify([], { ...options, header: true });
  for await (const entries of pages) yield stringify([...entries], options);
}
