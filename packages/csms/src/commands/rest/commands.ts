import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, type Scan, scanNote } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { choice, list, parameters, record, rowId, stationId, text } from "../../shared/schema.ts";
import { ConflictError, NotFoundError } from "../../shared/service-error.ts";
import type { CommandRow } from "../../store/tables/commands.ts";
import { commandJson, commandSchema, commandStates } from "./command-json.ts";

const pages: PageOrder = {
  sorts: { createdAt: { column: "seq" } },
  sort: "createdAt",
  order: "desc",
  id: "seq",
};

interface CommandFilter {
  readonly stationId?: string;
  readonly action?: string;
  readonly state?: CommandRow["state"];
  readonly jobId?: number;
}

/** What is looked for by an index, and what row by row: most commands have ended, so that state leads nowhere then. */
function commandScan({ stationId, action, state, jobId }: CommandFilter): Scan<"commands"> {
  const lead: Condition<"commands">[] = [];
  const rest: Condition<"commands">[] = [];
  if (stationId !== undefined) lead.push((where) => where("station_id", "=", stationId));
  if (jobId !== undefined) lead.push((where) => where("job_id", "=", jobId));
  if (state !== undefined) {
    const ended = state === "completed" || state === "error";
    (ended ? rest : lead).push((where) => where("state", "=", state));
  }
  if (action !== undefined) rest.push((where) => where("action", "=", action));
  return { table: "commands", pages, lead, rest };
}

/** The commands that were given to stations, whoever gave them, and what became of them. */
export const commandsResource: Resource = (app, { commander, store }) => {
  const tags = ["commands"];
  const params = record({ id: text("The unique id of a command.", 255) });

  const known = async (id: string): Promise<CommandRow> => {
    const row = await commander.get(id);
    if (row === undefined) throw new NotFoundError(`There is no command ${JSON.stringify(id)}.`);
    return row;
  };

  app.get(
    "/api/v1/commands",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listCommands",
        summary: "List commands, the newest first.",
        description: scanNote,
        tags,
        querystring: parameters({
          stationId,
          action: text("Only those of this action.", 100),
          state: choice("Only those that are this far.", commandStates),
          jobId: { ...rowId, description: "Only those of this job." },
          ...pageParameters(pages),
        }),
        response: { 200: { ...list(commandSchema, "The commands."), headers: linkHeader } },
      },
    },
    (request, reply) => sendPage(request, reply, store, commandScan(request.query), commandJson),
  );

  app.get(
    "/api/v1/commands/:id",
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
    async ({ params: { id } }) => commandJson(await known(id)),
  );

  app.post(
    "/api/v1/commands/:id/cancel",
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
    async ({ params: { id } }) => {
      const row = await known(id);
      if (await commander.cancel(id)) return commandJson(await known(id));
      throw new ConflictError(
        row.state === "completed" || row.state === "error"
          ? "The command has ended."
          : "The command cannot be cancelled.",
      );
    },
  );
};
