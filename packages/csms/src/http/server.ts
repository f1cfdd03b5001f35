import type { AddressInfo, Socket } from "node:net";
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Log } from "../observability/logging.ts";
import { addAccess, addDecision, createAccess } from "./access.ts";
import { addAudit } from "./audit-rows.ts";
import { createHttpServer } from "./http-server.ts";
import { addJsonBodies } from "./json-body.ts";
import { addLargeAnswers } from "./large-answers.ts";
import { addOpenApi } from "./openapi/openapi.ts";
import { problemOf, problemSchema, problemType } from "./problem.ts";
import type { ApiServices, Resource } from "./resource.ts";
import { addUnknownRoutes } from "./unknown-route.ts";
import { createValidation } from "./validation.ts";
import { createWrongKeys } from "./wrong-keys.ts";

/** The REST interface. */
export interface Api {
  /** For `inject` in tests, and for further routes before it listens. */
  readonly fastify: FastifyInstance;
  /** The port that it listens on; 0 while it does not. */
  readonly port: number;
  /** Where it is, without a slash at the end; empty while it does not listen. */
  readonly url: string;
  /** Listens where the configuration says. Rejects elsewhere than on loopback while there is no API key. */
  listen(): Promise<void>;
  /**
   * Takes no new requests, and waits for those under way at most so many milliseconds, half of the configured time of
   * shutdown unless given; then their connections are cut. Commands that they wait for go on. Resolves with the requests that
   * were cut before they were answered, such as `POST /api/v1/tokens`, each with the id that its answer would have had.
   */
  close(timeout?: number): Promise<readonly string[]>;
}

/** Headers of every answer: nothing is a page, nothing is kept by a cache, and nobody may frame it. */
const secureHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0] ?? "";
}

async function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): Promise<FastifyReply> {
  const { problem, headers, unexpected } = problemOf(error);
  if (unexpected) {
    const route = request.routeOptions.url ?? "";
    log.error({ method: request.method, route, requestId: request.id, error }, "A request failed");
  }
  return reply
    .code(problem.status)
    .headers(headers)
    .type(problemType)
    .send({ ...problem, instance: pathOf(request) });
}

/** Logs what was asked for and how it went: the route and not the path, which may name a driver; no bodies. */
function addRequestLog(app: FastifyInstance, log: Log): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method, id, routeOptions, caller } = request;
    const fields = {
      requestId: id,
      method,
      route: routeOptions.url ?? "",
      status: reply.statusCode,
      caller: caller?.name,
    };
    log.debug({ ...fields, milliseconds: Math.round(reply.elapsedTime) }, "A request was answered");
    done();
  });
}

/** Takes note of the requests that are not answered yet, by their routes and ids. */
function addUnanswered(app: FastifyInstance): () => readonly string[] {
  const requests = new Map<string, FastifyReply>();
  app.addHook("onRequest", (request, reply, done) => {
    requests.set(request.id, reply);
    done();
  });
  app.addHook("onResponse", (request, _reply, done) => {
    requests.delete(request.id);
    done();
  });
  return () =>
    Array.from(requests.values())
      // A stream is answered when it begins.
      .filter((reply) => !reply.raw.headersSent)
      .map(({ request }) => `${request.method} ${request.routeOptions.url ?? ""} ${request.id}`);
}

async function addLimits(app: FastifyInstance, { configuration }: ApiServices): Promise<void> {
  const { cors, rateLimit } = configuration.api;
  if (rateLimit > 0) {
    const { default: limiter } = await import("@fastify/rate-limit");
    await app.register(limiter, {
      global: false,
      max: rateLimit,
      timeWindow: 60_000,
      cache: 10_000,
      keyGenerator: (request) =>
        request.caller === undefined ? `address ${request.ip}` : `key ${request.caller.name}`,
      allowList: (request) => request.routeOptions.config.limited === false,
    });
    app.addHook("onRequest", app.rateLimit());
  }
  if (cors.length === 0) return;
  const { default: sharing } = await import("@fastify/cors");
  await app.register(sharing, {
    origin: cors.includes("*") ? "*" : [...cors],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "x-api-key", "last-event-id"],
    exposedHeaders: ["link", "location", "retry-after", "content-disposition"],
    maxAge: 600,
    strictPreflight: false,
  });
}

/** Answers what is no HTTP, or comes too slowly, in the same shape. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const title = status === 431 ? "Request Header Fields Too Large" : status === 408 ? "Request Timeout" : "Bad Request";
  const kind = title.toLowerCase().replaceAll(" ", "-");
  const problem = {
    type: `urn:ocpp-csms:problem:${kind}`,
    title,
    status,
    detail: "The request cannot be read.",
    instance: "",
  };
  const body = JSON.stringify(problem);
  socket.write(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // Not `end`, which would leave the other half open for as long as a client likes.
  socket.destroySoon();
}

/**
 * Makes the REST interface with these resources; it does not listen yet. Rejects where a route says nothing of who may use it,
 * and where the files of TLS cannot be read.
 */
export async function createApi(services: ApiServices, resources: readonly Resource[] = []): Promise<Api> {
  const { configuration } = services;
  const { api } = configuration;
  const log = services.log.part("api");
  const validation = createValidation();
  const app: FastifyInstance = fastify({
    logger: false,
    schemaController: validation.schemaController,
    bodyLimit: api.bodyLimit,
    trustProxy: api.trustProxy.length === 0 ? false : [...api.trustProxy],
    routerOptions: { maxParamLength: 1_000 },
    forceCloseConnections: "idle",
    genReqId: () => crypto.randomUUID(),
    serverFactory: (listener) => createHttpServer(api.tls, listener),
    frameworkErrors: (error: FastifyError, request, reply) => {
      void sendProblem(error, request, reply, log);
    },
    clientErrorHandler: refuseConnection,
  });
  const access = createAccess(configuration, services.apiKeys);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, log));
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(secureHeaders).header("x-request-id", request.id);
    if (api.tls.enabled) reply.header("strict-transport-security", "max-age=31536000");
    done();
  });
  app.addSchema(problemSchema);
  addRequestLog(app, log);
  const unanswered = addUnanswered(app);
  addAudit(app, services);
  addJsonBodies(app);
  const wrongKeys = createWrongKeys(services.clock);
  app.addHook("preClose", async () => {
    wrongKeys.close();
  });
  addAccess(app, access, wrongKeys);
  addUnknownRoutes(app);
  addLargeAnswers(app, services.clock);
  validation.add(app);
  await addLimits(app, services);
  addDecision(app);
  addOpenApi(app, configuration);
  for (const resource of resources) resource(app, services);
  await app.ready();

  const address = (): AddressInfo | undefined => {
    const found = app.server.address();
    return typeof found === "object" && found !== null ? found : undefined;
  };
  return {
    fastify: app,
    get port() {
      return address()?.port ?? 0;
    },
    get url() {
      const found = address();
      if (found === undefined) return "";
      const host = found.family === "IPv6" ? `[${found.address}]` : found.address;
      return `${api.tls.enabled ? "https" : "http"}://${host}:${found.port}`;
    },
    listen: async () => {
      await access.checkHost(api.host);
      await app.listen({ host: api.host, port: api.port });
    },
    close: async (timeout = configuration.shutdown.timeout * 500) => {
      let cut: readonly string[] = [];
      const timer = services.clock.setTimer(() => {
        cut = unanswered();
        app.server.closeAllConnections();
      }, timeout);
      await app.close();
      services.clock.clearTimer(timer);
      return cut;
    },
  };
}
