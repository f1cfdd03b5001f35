import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanPage } from "../../http/scan-page.ts";
import { list, nullable, parameters, record, rowId, text, time } from "../../http/schema.ts";
import { isoTime, isoTimeOrNull } from "../../http/times.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { BackgroundRunRow } from "../../store/tables/jobs.ts";
import type { BackgroundState } from "../background-service.ts";

const tags: string[] = ["operation"];
const byName = parameters({ name: text("Its name, such as meter-collection.", 100) }, ["name"]);
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

interface ByName {
  readonly Params: { readonly name: string };
}

function stateJson({
  name,
  description,
  interval,
  running,
  nextRunAt,
  lastRun,
}: BackgroundState): Record<string, unknown> {
  return {
    name,
    description,
    intervalSeconds: interval / 1000,
    running,
    nextRunAt: isoTimeOrNull(nextRunAt),
    lastRun:
      lastRun === null
        ? null
        : {
            startedAt: isoTime(lastRun.startedAt),
            finishedAt: isoTimeOrNull(lastRun.finishedAt),
            outcome: lastRun.outcome,
            result: lastRun.result,
          },
  };
}

const run = {
  startedAt: time,
  finishedAt: nullable(time),
  outcome: { type: "string", description: "running, ok, failed or interrupted." },
  result: nullable({ type: "string", description: "What it did, or what went wrong." }),
} as const;

const stateSchema = record({
  name: { type: "string" },
  description: { type: "string" },
  intervalSeconds: { type: "number", description: "Between two runs; 0 where it runs only when asked." },
  running: { type: "boolean" },
  nextRunAt: nullable(time),
  lastRun: nullable(record(run)),
});

function runJson(row: BackgroundRunRow): Record<string, unknown> {
  return {
    id: row.id,
    startedAt: isoTime(row.started_at),
    finishedAt: isoTimeOrNull(row.finished_at),
    outcome: row.outcome,
    result: row.result,
  };
}

/** The background services. */
export const backgroundResource: Resource = (app, { scheduler, store }) => {
  app.get(
    "/api/background-services",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listBackgroundServices",
        summary: "List background jobs and their last runs.",
        tags,
        response: { 200: { description: "The background services.", ...list(stateSchema) } },
      },
    },
    async () => (await scheduler.states()).map(stateJson),
  );

  app.post<ByName>(
    "/api/background-services/:name/run",
    {
      config: { role: "operator" },
      schema: {
        operationId: "runBackgroundService",
        summary: "Start a background job now and wait for its end.",
        description: "Joins the run that is under way where there is one. Answers when it is over.",
        tags,
        params: byName,
        response: { 200: { description: "How it stands after the run.", ...stateSchema } },
      },
    },
    async ({ params }) => stateJson(await scheduler.trigger(params.name)),
  );

  app.get<ByName>(
    "/api/background-services/:name/runs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listBackgroundRuns",
        summary: "List the runs of a background job.",
        tags,
        params: byName,
        querystring: parameters(pageParameters(pages)),
        response: {
          200: {
            description: "The runs, the newest first.",
            headers: linkHeader,
            ...list(record({ id: rowId, ...run })),
          },
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const known = (await scheduler.states()).some((state) => state.name === name);
      if (!known) throw new NotFoundError("There is no background service of this name.");
      const rows = await scanPage(request, reply, store, {
        table: "background_runs",
        pages,
        lead: [(where) => where("name", "=", name)],
        rest: [],
      });
      return rows.map(runJson);
    },
  );
};
