import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type { Resource } from "../../../http/resource.ts";
import { choice, list, nullable, parameters, record, stationId, text, time } from "../../../http/schema.ts";
import { reportEntries } from "./sessions.ts";
import { reportCsv, reportJson } from "./text.ts";
import { reportWindow } from "./window.ts";

interface ReportQuery {
  readonly startDate: string;
  readonly endDate: string;
  readonly timeZone: string;
  readonly format?: "json" | "csv";
}

const entrySchema = record({
  chargePointId: stationId,
  transactionId: { type: ["integer", "string"] },
  startTimestamp: time,
  stopTimestamp: nullable(time),
  energyDelivered: { type: "number", description: "kWh within the window." },
  idTag: { type: "string" },
  complete: { type: "boolean" },
  energyTotal: { type: "number", description: "kWh of the whole session." },
  counted: {
    type: "boolean",
    description: "Whether it counts in this window: where it stopped, or, while it runs, where it started.",
  },
});

const reportSchema = record({
  startDate: { type: "string", format: "date" },
  endDate: { type: "string", format: "date" },
  timeZone: { type: "string" },
  transactions: list(entrySchema, "The sessions that overlap the window."),
  totalEnergyDelivered: { type: "number", description: "kWh within the window." },
  completeTransactions: { type: "integer", description: "How many stopped within the window." },
  incompleteTransactions: { type: "integer", description: "How many started within it and still run." },
});

/** Whether somebody prefers CSV: by the parameter, or a header that names CSV and not JSON. */
function wantsCsv({ query, headers }: FastifyRequest): boolean {
  const { format } = query as ReportQuery;
  if (format !== undefined) return format === "csv";
  const accept = headers.accept ?? "";
  return accept.includes("text/csv") && !accept.includes("application/json");
}

/** Yields what was fetched already, and then the rest. */
async function* resumed<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** The reports. */
export const reportsResource: Resource = (app, { store }) => {
  app.get<{ Querystring: ReportQuery }>(
    "/api/reports/energy",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "energyReport",
        summary: "Get a report of the energy delivered in a period.",
        description:
          "Each session counts with what it took within the window, by its meter values, so that reports of adjoining days add up. As JSON, or as CSV with `format=csv` or `Accept: text/csv`.",
        tags: ["reports"],
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
            headers: { "Content-Disposition": { type: "string" } },
            content: { "application/json": { schema: reportSchema }, "text/csv": { schema: { type: "string" } } },
          },
        },
      },
    },
    async (request, reply) => {
      const { startDate, endDate, timeZone } = request.query;
      const entries = reportEntries(store, reportWindow(startDate, endDate, timeZone));
      // The first page is fetched before anything is answered, so that a store that is away is told as such.
      const pages = resumed(await entries.next(), entries);
      const csv = wantsCsv(request);
      const name = `energy-report-${startDate}-to-${endDate}.${csv ? "csv" : "json"}`;
      void reply
        .header("content-disposition", `attachment; filename=${name}`)
        .header("vary", "accept")
        .type(csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8");
      return reply.send(Readable.from(csv ? reportCsv(pages) : reportJson({ startDate, endDate, timeZone }, pages)));
    },
  );
};
