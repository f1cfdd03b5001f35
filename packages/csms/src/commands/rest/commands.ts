import type { FastifyInstance } from "fastify";
import { ApiError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices } from "../../http/resource.ts";
import { type Condition, type Scan, scanNote } from "../../http/scan-page.ts";
import { choice, list, parameters, rowId, stationId, text } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { ConflictError, NotFoundError } from "../../shared/service-error.ts";
import type { CommandRow } from "../../store/tables/commands.ts";
import { commandJson, commandSchema, commandStates } from "./command-json.ts";
import { commandNames } from "./command-names.ts";

const pages: PageOrder = {
  sorts: { createdAt: { column: "seq" } },
  sort: "createdAt",
  order: "desc",
  id: "seq",
};

interface CommandFilter {
  readonly chargePointId?: string;
  readonly action?: string;
  readonly state?: CommandRow["state"];
  readonly jobId?: number;
}

/** What is looked for by an index, and what row by row: most commands have ended, so that state leads nowhere then. */
function commandScan({ chargePointId, action, state, jobId }: CommandFilter): Scan<"commands"> {
  const lead: Condition<"commands">[] = [];
  const rest: Condition<"commands">[] = [];
  if (chargePointId !== undefined) lead.push((where) => where("station_id", "=", chargePointId));
  if (jobId !== undefined) lead.push((where) => where("job_id", "=", jobId));
  if (state !== undefined) {
    const ended = state === "completed" || state === "error";
    (ended ? rest : lead).push((where) => where("state", "=", state));
  }
  if (action !== undefined) rest.push((where) => where("action", "=", action));
  return { table: "commands", pages, lead, rest };
}

/** The commands that were given to stations, by whomever, and what became of them. */
export function commandsResource(app: FastifyInstance, { commander, store }: ApiServices): void {
  const tags = ["commands"];
  const params = parameters({ id: text("The unique id of a command.", 255) });

  const known = async (id: string): Promise<CommandRow> => {
    const row = await commander.get(id);
    if (row === undefined) throw new NotFoundError(`There is no command ${JSON.stringify(id)}.`);
    return row;
  };

  app.get(
    "/api/commands",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listCommands",
        summary: "List commands, the newest first.",
        description: scanNote,
        tags,
        querystring: parameters({
          chargePointId: stationId,
          action: text("Only those of this action.", 100),
          state: choice("Only those that are this far.", commandStates),
          jobId: { ...rowId, description: "Only those of this job." },
          ...pageParameters(pages),
        }),
        response: { 200: { ...list(commandSchema, "The commands."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      return sendPage(request, reply, store, commandScan(request.query as CommandFilter), { row: commandJson });
    },
  );

  app.get(
    "/api/commands/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getCommand",
        summary: "Get a command.",
        tags,
        params,
        response: { 200: { ...commandSchema, description: "The command." } },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string };
      // The commands of go-ocpp-server stand under the same path, and are given with POST.
      if (commandNames.includes(id))
        throw new ApiError(405, "GET is not served here; POST is.", { headers: { allow: "POST" } });
      return commandJson(await known(id));
    },
  );

  app.post(
    "/api/commands/:id/cancel",
    {
      config: { role: "operator" },
      schema: {
        operationId: "cancelCommand",
        summary: "Stop a command that waits to be sent, or for its answer.",
        description: "What was sent cannot be taken back: the station may still do it.",
        tags,
        params,
        response: { 200: { ...commandSchema, description: "The command, which has ended." } },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string };
      const row = await known(id);
      if (await commander.cancel(id)) return commandJson(await known(id));
      throw new ConflictError(
        row.state === "completed" || row.state === "error"
          ? "The command has ended."
          : "The command cannot be cancelled.",
      );
    },
  );
}
