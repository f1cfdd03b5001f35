import type { FastifyRequest } from "fastify";
import { callerName } from "../../http/access.ts";
import { maskedAnswer } from "../../http/masked-answer.ts";
import type { Resource } from "../../http/resource.ts";
import { list, parameters, type Schema, type Static, stationId, text } from "../../shared/schema.ts";

const path = "/api/commands/get-configuration";

const question = parameters(
  {
    chargePointId: stationId,
    keys: list(
      text("A key of 1.6, or `Component.Variable` of 2.x.", 200),
      "Which keys; all of them unless given, in 1.6.",
    ),
  },
  ["chargePointId"],
);

/** Reading the configuration of a station, as go-ocpp-server has it: the answer is the station's, without secrets. */
export const getConfigurationResource: Resource = (app, { operations }) => {
  const ask = async (
    { chargePointId, keys = [] }: Static<typeof question>,
    request: Pick<FastifyRequest, "caller">,
  ): Promise<unknown> =>
    maskedAnswer((await operations.readConfiguration(chargePointId, keys, callerName(request))).response);
  const described = {
    summary: "Get the configuration of a station.",
    tags: ["go-ocpp-server"],
    response: { 200: { description: "The station's answer.", type: "object" } as Schema },
  };

  app.get(
    path,
    {
      config: { role: "operator" },
      schema: { operationId: "getConfiguration", ...described, querystring: question },
    },
    (request) => ask(request.query, request),
  );
  app.post(
    path,
    {
      config: { role: "operator" },
      schema: {
        operationId: "postGetConfiguration",
        ...described,
        body: {
          ...question,
          examples: [{ chargePointId: "CP001", keys: ["HeartbeatInterval"] }],
        },
      },
    },
    (request) => ask(request.body, request),
  );
};
