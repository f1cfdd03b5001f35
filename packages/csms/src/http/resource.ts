import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from "fastify";
import type { Scheduler } from "../jobs/background-service.ts";
import type { Services } from "../services.ts";
import type { Static } from "../shared/schema.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";
import type { ApiKeys } from "./api-keys.ts";

/** What a key may do: each role may do what the ones before it may. */
export type Role = "viewer" | "operator" | "admin";

/** Everything that the REST interface works with. */
export interface ApiServices extends Services {
  readonly scheduler: Scheduler;
  readonly apiKeys: ApiKeys;
  readonly webhooks: Webhooks;
  /** Whether stations are served; taken for true where it is not given. */
  readonly gatewayReady?: (() => boolean) | undefined;
}

/** Gives requests and answers the types that their schemas describe. */
export interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: Static<this["schema"]>;
  readonly serializer: Static<this["schema"]>;
}

/** The server that resources add their routes to: handlers see what the schemas of their route say. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

/**
 * A group of endpoints: adds its routes to the server. Each route has a `schema` with `operationId`, `summary`, `tags`,
 * and the schemas of its parameters, body and every response, and `config: { role }`; the server refuses to start where a
 * route has none. Handlers return plain objects, and throw the errors of `shared/service-error.ts`, an OperationError or
 * an ApiError; the server makes problem details of them (RFC 9457).
 */
export type Resource = (app: ApiServer, services: ApiServices) => void;
