import type { FastifyInstance, FastifyRequest } from "fastify";
import type { OperationResult } from "../commands/operations.ts";
import { parameters, record, type Schema, stationId } from "../http/schema.ts";

/** What go-ocpp-server answers to a command: whether the station will do it. A station that refuses is a 200 as well. */
export const stationAnswer: Readonly<Record<string, Schema>> = {
  success: { type: "boolean", description: "Whether the station accepted." },
  message: { type: "string" },
  status: { type: "string", description: "What the station said." },
  commandId: { type: "string" },
};

/** The answer of go-ocpp-server, and beside it what the station said and the command. */
export function stationResult(name: string, { accepted, status, commandId }: OperationResult): Record<string, unknown> {
  return { success: accepted, message: `${name} ${accepted ? "successful" : "failed"}`, status, commandId };
}

/** A command of go-ocpp-server. */
export interface NamedCommand {
  /** The last part of its path. */
  readonly name: string;
  readonly summary: string;
  /** The fields of its body, beside `chargePointId`. */
  readonly fields?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example: object;
  /** The fields of its answer, where they are others than usual. */
  readonly answer?: Schema;
}

/** Adds a command of go-ocpp-server: `POST /api/commands/<name>`, with a body that names the station. */
export function addNamedCommand<Body>(
  app: FastifyInstance,
  command: NamedCommand,
  handle: (body: Body & { readonly chargePointId: string }, request: FastifyRequest) => Promise<unknown>,
): void {
  const { name, summary, fields = {}, required = [], example, answer = record(stationAnswer) } = command;
  app.post(
    `/api/commands/${name}`,
    {
      config: { role: "operator" },
      schema: {
        operationId: name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase()),
        summary,
        tags: ["commands"],
        body: {
          ...parameters({ chargePointId: stationId, ...fields }, ["chargePointId", ...required]),
          examples: [{ chargePointId: "CP001", ...example }],
        },
        response: { 200: { ...answer, description: "What the station said." } },
      },
    },
    (request) => handle(request.body as Body & { readonly chargePointId: string }, request),
  );
}
