import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanPage } from "../../http/scan-page.ts";
import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  boolean,
  list,
  nullable,
  number,
  parameters,
  record,
  rowId,
  type Static,
  string,
  text,
  time,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { BackgroundRunRow } from "../../store/tables/jobs.ts";
import type { BackgroundState } from "../background-service.ts";

const tags: string[] = ["operation"];
const byName = record({ name: text("Its name, such as meter-collection.", 100) });
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

function stateJson({
  name,
  description,
  interval,
  running,
  nextRunAt,
  lastRun,
}: BackgroundState): Static<typeof stateSchema> {
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
  outcome: string("running, ok, failed or interrupted."),
  result: nullable(string("What it did, or what went wrong.")),
} as const;

const runSchema = record({ id: rowId, ...run });

const stateSchema = record({
  name: string(),
  description: string(),
  intervalSeconds: number("Between two runs; 0 where it runs only when asked."),
  running: boolean(),
  nextRunAt: nullable(time),
  lastRun: nullable(record(run)),
});

function runJson(row: BackgroundRunRow): Static<typeof runSchema> {
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
    "/api/v1/background-services",
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

  app.post(
    "/api/v1/background-services/:name/run",
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

  app.get(
    "/api/v1/background-services/:name/runs",
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
            ...list(runSchema),
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
