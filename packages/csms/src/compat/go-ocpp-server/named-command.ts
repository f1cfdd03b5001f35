import type { FastifyRequest } from "fastify";
import type { OperationResult } from "../../commands/operations.ts";
import type { ApiServer } from "../../http/resource.ts";
import {
  boolean,
  type Properties,
  parameters,
  record,
  type Schema,
  type Static,
  stationId,
  string,
  withExample,
} from "../../shared/schema.ts";

/** What go-ocpp-server answers to a command: whether the station will do it. A station that refuses is a 200 as well. */
export const stationAnswer = {
  success: boolean("Whether the station accepted."),
  message: string(),
  status: string("What the station said."),
  commandId: string(),
};

/** The schema of that answer. */
export const stationAnswerSchema = record(stationAnswer);

/** The answer of go-ocpp-server, and beside it what the station said and the command. */
export function stationResult(
  name: string,
  { accepted, status, commandId }: OperationResult,
): Static<typeof stationAnswerSchema> {
  return { success: accepted, message: `${name} ${accepted ? "successful" : "failed"}`, status, commandId };
}

/** The body of a command: it names the station, and has these fields besides. */
export function commandBody<const Fields extends Properties, const Required extends keyof Fields & string = never>(
  fields: Fields,
  required: readonly Required[] = [],
) {
  return parameters({ chargePointId: stationId, ...fields }, ["chargePointId", ...required]);
}

/** A command of go-ocpp-server. */
export interface NamedCommand<Body, Answer> {
  /** The last part of its path. */
  readonly name: string;
  readonly summary: string;
  /** Made by `commandBody`. */
  readonly body: Schema<Body>;
  /** The fields of a body beside `chargePointId`. */
  readonly example: object;
  readonly answer: Schema<Answer>;
}

/** Adds a command of go-ocpp-server: `POST /api/commands/<name>`, with a body that names the station. */
export function addNamedCommand<Body, Answer>(
  app: ApiServer,
  { name, summary, body, example, answer }: NamedCommand<Body, Answer>,
  handle: (body: Body, request: Pick<FastifyRequest, "caller">) => Promise<Answer>,
): void {
  app.post(
    `/api/commands/${name}`,
    {
      config: { role: "operator" },
      schema: {
        operationId: name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase()),
        summary,
        tags: ["go-ocpp-server"],
        body: withExample(body, { chargePointId: "CP001", ...example }),
        // What handlers answer is checked by their own type.
        response: { 200: { ...(answer as Schema), description: "What the station said." } },
      },
    },
    // Described by the schema of `Body`, which the compiler does not look into while it does not know which it is.
    (request) => handle(request.body as Body, request),
  );
}
