import { stringify } from "csv-stringify/sync";
import type { ReportSession } from "../../repository/report-sessions.ts";

type Pages = AsyncIterable<readonly ReportSession[]>;

/** The sums of a report; energy in Wh. */
export interface ReportTotals {
  readonly energy: number;
  /** How many sessions stopped within the window. */
  readonly ended: number;
  /** How many started within it and still run. */
  readonly running: number;
}

/** The words that a report is written in: the members of a session, which are the columns of CSV as well, and of the sums. */
export interface ReportWords {
  readonly session: (session: ReportSession) => Readonly<Record<string, unknown>>;
  readonly columns: readonly string[];
  readonly totals: (totals: ReportTotals) => Readonly<Record<string, unknown>>;
}

/**
 * A report as JSON, in pieces. The sums stand after the list, since they are known only then; who parses it does not see
 * the difference.
 */
export async function* reportJson(
  head: Readonly<Record<string, unknown>>,
  pages: Pages,
  words: ReportWords,
): AsyncGenerator<string> {
  // Counted in tenths of a Wh, so that the sum is exact.
  let tenths = 0;
  let ended = 0;
  let running = 0;
  yield `${JSON.stringify(head).slice(0, -1)},"transactions":[`;
  let first = true;
  for await (const sessions of pages) {
    for (const { energy, counted, stoppedAt } of sessions) {
      tenths += Math.round(energy * 10);
      if (counted && stoppedAt !== null) ended += 1;
      if (counted && stoppedAt === null) running += 1;
    }
    const text = sessions.map((session) => JSON.stringify(words.session(session))).join(",");
    if (text === "") continue;
    yield first ? text : `,${text}`;
    first = false;
  }
  yield `],${JSON.stringify(words.totals({ energy: tenths / 10, ended, running })).slice(1)}`;
}

/**
 * A report as CSV (RFC 4180) with a header, in pieces. Texts that a spreadsheet would run as a formula, such as an id token
 * `=1+1`, are led by an apostrophe.
 */
export async function* reportCsv(pages: Pages, words: ReportWords): AsyncGenerator<string> {
  const options = {
    columns: [...words.columns],
    escape_formulas: true,
    record_delimiter: "windows" as const,
    // Half a line break is one to most who read the file.
    quoted_match: /[\r\n]/,
    cast: { boolean: String },
  };
  yield stringify([], { ...options, header: true });
  for await (const sessions of pages) yield stringify(sessions.map(words.session), options);
}
