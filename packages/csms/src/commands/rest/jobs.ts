import { fieldError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { type Condition, scanNote } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { maskFrame } from "../../observability/secret-mask.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  count,
  list,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
  withExample,
} from "../../shared/schema.ts";
import { InvalidRequestError, NotFoundError } from "../../shared/service-error.ts";
import type { JobRow } from "../../store/tables/commands.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";
import { commandJson, commandSchema, commandStates } from "./command-json.ts";
import { stationsOf } from "./job-stations.ts";

const tags: string[] = ["commands"];
const byId = record({ id: rowId });
const jobOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const commandOrder: PageOrder = { sorts: { seq: { column: "seq" } }, sort: "seq", order: "asc", id: "seq" };

const jobFields = {
  id: rowId,
  action: string(),
  payload: { description: "What each station is sent; secrets are masked." },
  total: whole("How many stations it is for."),
  cancelled: boolean(),
  requestedBy: string(),
  createdAt: time,
};

const jobSchema = record(jobFields);

function jobJson(row: JobRow): Static<typeof jobSchema> {
  return {
    id: row.id,
    action: row.action,
    payload: storedJson(maskFrame(row.payload)),
    total: row.total,
    cancelled: row.cancelled === 1,
    requestedBy: row.requested_by,
    createdAt: isoTime(row.created_at),
  };
}

const progressSchema = record({
  ...jobFields,
  counts: {
    description: "How many of its commands are in which state.",
    ...record({ new: count(), sent: count(), received: count(), completed: count(), error: count() }),
  },
  finished: boolean("Whether all of its commands have ended."),
});

const filterSchema = {
  ...parameters({
    registration: choice("The registration status.", ["Accepted", "Pending", "Rejected"]),
    connected: boolean(),
    protocol: choice("The version.", subprotocols),
    vendor: text("The vendor.", 100),
    model: text("The model.", 100),
    firmwareVersion: text("The firmware.", 100),
  }),
  description: "All stations that are so; all there are where it is empty.",
};

const jobRequest = record(
  {
    action: text("An action that a CSMS sends, such as Reset.", 100),
    payload: {
      type: "object",
      description: "The request as the version of the stations has it; sent as it is.",
    },
    stationIds: { ...list(stationId, "The stations."), minItems: 1, maxItems: 100_000 },
    filter: filterSchema,
    offline: choice("What happens to stations that are not connected; fail unless given.", ["fail", "wait"]),
    timeoutSeconds: whole("From sending to the answer; the configured ones unless given.", 1, 86_400),
    deadlineSeconds: whole("How long a command may wait to be sent; the configured ones unless given.", 1, 2_592_000),
  },
  ["stationIds", "filter", "offline", "timeoutSeconds", "deadlineSeconds"],
);

async function progress({ commander }: ApiServices, id: number): Promise<Static<typeof progressSchema>> {
  const found = await commander.job(id);
  if (found === undefined) throw new NotFoundError(`There is no job ${id}.`);
  const { job, counts } = found;
  return { ...jobJson(job), counts, finished: counts.completed + counts.error >= job.total };
}

async function targets(
  { store }: ApiServices,
  { stationIds, filter }: Static<typeof jobRequest>,
): Promise<readonly string[]> {
  if ((stationIds === undefined) === (filter === undefined)) {
    throw new InvalidRequestError("Either stationIds or filter is needed, and not both.");
  }
  if (stationIds !== undefined) return stationIds;
  const ids = await stationsOf(store, filter ?? {});
  if (ids.length === 0) throw fieldError("body", "filter", "lets no station through");
  return ids;
}

/** The jobs: one command to many stations. */
export const jobsResource: Resource = (app, services) => {
  const { store, commander } = services;

  app.get(
    "/api/v1/jobs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listJobs",
        summary: "List jobs.",
        description: scanNote,
        tags,
        querystring: parameters(pageParameters(jobOrder)),
        response: {
          200: { description: "The jobs, the newest first.", headers: linkHeader, ...list(jobSchema) },
        },
      },
    },
    (request, reply) =>
      sendPage(request, reply, store, { table: "jobs", pages: jobOrder, lead: [], rest: [] }, jobJson),
  );

  app.post(
    "/api/v1/jobs",
    {
      config: { role: "operator" },
      schema: {
        operationId: "startJob",
        summary: "Start a job: one command to many stations.",
        description:
          "To the stations that are named, or to all that a filter lets through. Each gets a result of its own.",
        tags,
        body: withExample(jobRequest, {
          action: "Reset",
          payload: { type: "OnIdle" },
          stationIds: ["CS001", "CS002"],
          offline: "wait",
        }),
        response: {
          201: {
            description: "The job, which goes on.",
            headers: { Location: string("Where its progress is.") },
            ...jobSchema,
          },
        },
      },
    },
    async ({ body, caller }, reply) => {
      const { action, payload, offline, timeoutSeconds, deadlineSeconds } = body;
      const job = await commander.startJob(await targets(services, body), action, payload, {
        requestedBy: caller?.name ?? "",
        offline,
        timeout: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
        deadline: deadlineSeconds === undefined ? undefined : deadlineSeconds * 1000,
      });
      return reply.code(201).header("location", `/api/v1/jobs/${job.id}`).send(jobJson(job));
    },
  );

  app.get(
    "/api/v1/jobs/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getJob",
        summary: "Get a job and its progress.",
        tags,
        params: byId,
        response: { 200: { description: "The job.", ...progressSchema } },
      },
    },
    ({ params }) => progress(services, params.id),
  );

  app.get(
    "/api/v1/jobs/:id/results",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listJobResults",
        summary: "List the commands of a job, one for each station.",
        description: scanNote,
        tags,
        params: byId,
        querystring: parameters({
          state: choice("Only those in this state.", commandStates),
          ...pageParameters(commandOrder),
        }),
        response: { 200: { description: "The commands.", headers: linkHeader, ...list(commandSchema) } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await commander.job(id)) === undefined) throw new NotFoundError(`There is no job ${id}.`);
      const { state } = request.query;
      const lead: Condition<"commands">[] = [(where) => where("job_id", "=", id)];
      const rest: Condition<"commands">[] = [];
      if (state !== undefined) rest.push((where) => where("state", "=", state));
      return sendPage(request, reply, store, { table: "commands", pages: commandOrder, lead, rest }, commandJson);
    },
  );

  app.delete(
    "/api/v1/jobs/:id",
    {
      config: { role: "operator" },
      schema: {
        operationId: "cancelJob",
        summary: "Stop what a job has not sent yet.",
        tags,
        params: byId,
        response: { 200: { description: "The job as it stands now.", ...progressSchema } },
      },
    },
    async ({ params }) => {
      if ((await commander.job(params.id)) === undefined) throw new NotFoundError(`There is no job ${params.id}.`);
      await commander.cancelJob(params.id);
      return progress(services, params.id);
    },
  );
};
