import { Readable } from "node:stream";
import type { ApiServer, ApiServices } from "../../../http/resource.ts";
import { choice, parameters, type Schema, streamed, string, text } from "../../../shared/schema.ts";
import { reportSessions } from "../../repository/report-sessions.ts";
import { type ReportWords, reportCsv, reportJson } from "./text.ts";
import { reportWindow } from "./window.ts";

/** Whether the client prefers CSV: by the parameter, or a header that names CSV and not JSON. */
function wantsCsv(format: "json" | "csv" | undefined, accept = ""): boolean {
  if (format !== undefined) return format === "csv";
  return accept.includes("text/csv") && !accept.includes("application/json");
}

/** Yields what was fetched already, and then the rest. */
async function* resumed<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** An energy report in some words. */
export interface EnergyReport {
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  /** The schema of the report as JSON. */
  readonly schema: Schema;
  readonly words: ReportWords;
}

/** Adds the report of the energy of a period. */
export function addEnergyReport(app: ApiServer, { store }: Pick<ApiServices, "store">, report: EnergyReport): void {
  app.get(
    report.path,
    {
      config: { role: "viewer" },
      schema: {
        operationId: report.operationId,
        summary: "Get a report of the energy delivered in a period.",
        description:
          "Each session counts with what it took within the window, by its meter values, so that reports of adjoining days add up. As JSON, or as CSV with `format=csv` or `Accept: text/csv`.",
        tags: [report.tag],
        querystring: parameters(
          {
            startDate: { ...text("The first day.", 10), format: "date", examples: ["2026-01-01"] },
            endDate: { ...text("The last day, which is in the report.", 10), format: "date", examples: ["2026-01-31"] },
            timeZone: {
              ...text("Whose days: a name of the IANA database.", 60),
              default: "UTC",
              examples: ["Europe/Copenhagen"],
            },
            format: choice("How the report is written.", ["json", "csv"]),
          },
          ["startDate", "endDate"],
        ),
        response: {
          200: {
            description: "The report, to be saved as a file.",
            headers: { "Content-Disposition": string() },
            content: {
              "application/json": { schema: streamed(report.schema) },
              "text/csv": { schema: streamed(string()) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { startDate, endDate, timeZone, format } = request.query;
      const sessions = reportSessions(store, reportWindow(startDate, endDate, timeZone));
      // The first page is fetched before anything is answered, so that a store that is away is reported as such.
      const pages = resumed(await sessions.next(), sessions);
      const csv = wantsCsv(format, request.headers.accept);
      const name = `energy-report-${startDate}-to-${endDate}.${csv ? "csv" : "json"}`;
      const head = { startDate, endDate, timeZone };
      return reply
        .header("content-disposition", `attachment; filename=${name}`)
        .header("vary", "accept")
        .type(csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8")
        .send(Readable.from(csv ? reportCsv(pages, report.words) : reportJson(head, pages, report.words)));
    },
  );
}
