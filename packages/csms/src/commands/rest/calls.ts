import type { FastifyInstance } from "fastify";
import { callerName } from "../../http/access.ts";
import { maskedAnswer } from "../../http/masked-answer.ts";
import type { ApiServices } from "../../http/resource.ts";
import { choice, parameters, record, type Schema, stationId, text } from "../../http/schema.ts";
import { OperationError } from "../operations.ts";

interface CallQuery {
  readonly wait: boolean;
  readonly timeout?: number;
  readonly deadline?: number;
  readonly offline: "fail" | "wait";
  readonly reason?: string;
}

function seconds(description: string): Schema {
  return { type: "number", description, exclusiveMinimum: 0, maximum: 86_400 };
}

function milliseconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1_000;
}

/** Sends any action of the station's version, with the payload as it is given. */
export function callsResource(app: FastifyInstance, { commander }: ApiServices): void {
  app.post(
    "/api/charge-points/:id/calls/:action",
    {
      config: { role: "operator" },
      schema: {
        operationId: "call",
        summary: "Send an action to a station and wait for its answer.",
        description:
          "The body is the payload: it is checked by the schema of the station's version and sent as it is. A CALLERROR of the station is a 502 with its code, no answer in time a 504, a station that is not connected a 409 unless `offline=wait`.",
        tags: ["commands"],
        params: parameters({
          id: stationId,
          action: { ...text("The action, such as Reset.", 100), examples: ["Reset"] },
        }),
        querystring: parameters({
          wait: {
            type: "boolean",
            default: true,
            description: "False to answer at once, with where the command can be looked at.",
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
            ...record({ id: { type: "string" }, state: choice("How it ended.", ["completed"]), result: {} }),
          },
          202: {
            description: "It was taken on (`wait=false`).",
            headers: { Location: { type: "string", description: "Where the command can be looked at." } },
            ...record({ id: { type: "string" }, state: choice("How far it is.", ["new"]) }),
          },
        },
      },
    },
    async (request, reply) => {
      const { id, action } = request.params as { id: string; action: string };
      const { wait, timeout, deadline, offline, reason } = request.query as CallQuery;
      const command = await commander.submit(id, action, request.body, {
        requestedBy: callerName(request),
        timeout: milliseconds(timeout),
        deadline: milliseconds(deadline),
        offline,
        reason,
      });
      if (!wait) {
        const location = `/api/commands/${encodeURIComponent(command.id)}`;
        return reply.code(202).header("location", location).send({ id: command.id, state: "new" });
      }
      const outcome = await command.outcome;
      if (outcome.state === "error") throw new OperationError(outcome.code, outcome.description, outcome.id);
      return { id: outcome.id, state: outcome.state, result: maskedAnswer(outcome.result) };
    },
  );
}
