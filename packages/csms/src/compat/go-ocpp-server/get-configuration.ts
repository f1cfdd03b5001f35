import type { FastifyInstance, FastifyRequest } from "fastify";
import { callerName } from "../../http/access.ts";
import { maskedAnswer } from "../../http/masked-answer.ts";
import type { ApiServices } from "../../http/resource.ts";
import { list, parameters, type Schema, stationId, text } from "../../http/schema.ts";

const path = "/api/commands/get-configuration";

const fields: Readonly<Record<string, Schema>> = {
  chargePointId: stationId,
  keys: list(
    text("A key of 1.6, or `Component.Variable` of 2.x.", 200),
    "Which keys; all of them unless given, in 1.6.",
  ),
};

interface Question {
  readonly chargePointId: string;
  readonly keys?: readonly string[];
}

/** Reading the configuration of a station, as go-ocpp-server has it: the answer is the station's, without secrets. */
export function getConfigurationResource(app: FastifyInstance, { operations }: ApiServices): void {
  const ask = async ({ chargePointId, keys = [] }: Question, request: FastifyRequest): Promise<unknown> =>
    maskedAnswer((await operations.readConfiguration(chargePointId, keys, callerName(request))).response);
  const described = {
    summary: "Get the configuration of a station.",
    tags: ["commands"],
    response: { 200: { description: "The station's answer.", type: "object" } },
  };

  app.get(
    path,
    {
      config: { role: "operator" },
      schema: { operationId: "getConfiguration", ...described, querystring: parameters(fields, ["chargePointId"]) },
    },
    (request) => ask(request.query as Question, request),
  );
  app.post(
    path,
    {
      config: { role: "operator" },
      schema: {
        operationId: "postGetConfiguration",
        ...described,
        body: {
          ...parameters(fields, ["chargePointId"]),
          examples: [{ chargePointId: "CP001", keys: ["HeartbeatInterval"] }],
        },
      },
    },
    (request) => ask(request.body as Question, request),
  );
}
