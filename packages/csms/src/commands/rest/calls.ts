import { callerName } from "../../http/access.ts";
import { maskedAnswer } from "../../http/masked-answer.ts";
import type { Resource } from "../../http/resource.ts";
import { boolean, choice, parameters, record, type Schema, stationId, string, text } from "../../shared/schema.ts";
import { OperationError } from "../operations.ts";

function seconds(description: string): Schema<number> {
  return { type: "number", description, exclusiveMinimum: 0, maximum: 86_400 };
}

function milliseconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1_000;
}

/** Sends any action of the station's version, with the payload as it is given. */
export const callsResource: Resource = (app, { commander }) => {
  app.post(
    "/api/v1/stations/:id/calls/:action",
    {
      config: { role: "operator" },
      schema: {
        operationId: "call",
        summary: "Send an action to a station and wait for its answer.",
        description:
          "The body is the payload: it is checked by the schema of the station's version and sent as it is. A CALLERROR of the station is a 502 with its code, no answer in time a 504, a station that is not connected a 409 unless `offline=wait`.",
        tags: ["commands"],
        params: record({
          id: stationId,
          action: { ...text("The action, such as Reset.", 100), examples: ["Reset"] },
        }),
        querystring: parameters({
          wait: {
            ...boolean("False to answer at once, with where the command can be looked at."),
            default: true,
          },
          timeout: seconds("Seconds from sending to the answer; the configured ones unless given."),
          deadline: seconds("Seconds that the command may wait until it is sent; the configured ones unless given."),
          offline: {
            ...choice(
              "What happens while the station is not connected: an error at once, or waiting until the deadline.",
              ["fail", "wait"],
            ),
            default: "fail",
          },
          reason: text("Why a transaction is to be stopped; recorded with it once the station has accepted.", 100),
        }),
        body: { type: "object", description: "The payload of the action.", examples: [{ type: "Soft" }] },
        response: {
          200: {
            description: "The station's answer.",
            ...record({ id: string(), state: choice("How it ended.", ["completed"]), result: {} }),
          },
          202: {
            description: "It was taken on (`wait=false`).",
            headers: { Location: string("Where the command can be looked at.") },
            ...record({ id: string(), state: choice("How far it is.", ["new"]) }),
          },
        },
      },
    },
    async (request, reply) => {
      const { id, action } = request.params;
      const { wait, timeout, deadline, offline, reason } = request.query;
      const command = await commander.submit(id, action, request.body, {
        requestedBy: callerName(request),
        timeout: milliseconds(timeout),
        deadline: milliseconds(deadline),
        offline,
        reason,
      });
      if (!wait) {
        const location = `/api/v1/commands/${encodeURIComponent(command.id)}`;
        return reply.code(202).header("location", location).send({ id: command.id, state: "new" });
      }
      const outcome = await command.outcome;
      if (outcome.state === "error") throw new OperationError(outcome.code, outcome.description, outcome.id);
      return { id: outcome.id, state: outcome.state, result: maskedAnswer(outcome.result) };
    },
  );
};
