import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Handlers, OcppError, type Peer, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V201, v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import type { FastifyInstance } from "fastify";
import { testConfiguration } from "../config/configuration.fixture.ts";
import { type Csms, createCsms } from "../csms.ts";
import { type KeptLog, keptLog } from "../infrastructure.fixture.ts";
import { problemSchema, problemType } from "./problem.ts";
import type { Resource } from "./resource.ts";
import { closed, schemaCompiler } from "./validation.ts";

/** What a request was answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** A whole CSMS over a new database, whose answers are checked by the schemas of their routes. */
export interface ContractBench {
  readonly csms: Csms;
  readonly fastify: FastifyInstance;
  readonly log: KeptLog;
  /** What answers did not keep of what their routes say: which, and how. A test expects it to be empty. */
  readonly violations: readonly string[];
  /** Asks REST over a real socket; a body is sent as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Connects a station of a version, which is known to the CSMS by then, and answers with these handlers. */
  station16(identity: string, handlers?: Partial<Handlers<V16, "station">>): Promise<Peer<V16, "station">>;
  station201(identity: string, handlers?: Partial<Handlers<V201, "station">>): Promise<Peer<V201, "station">>;
  close(): Promise<void>;
}

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} is not played`);
};

type Checks = (schema: object) => (data: unknown) => string | undefined;

/** A schema with the shared ones that it points to in their place. */
function resolved(schema: unknown, shared: (id: string) => unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one) => resolved(one, shared));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $id: _id, $ref, ...rest } = schema as Record<string, unknown>;
  if (typeof $ref === "string" && $ref.endsWith("#")) return resolved(shared($ref.slice(0, -1)), shared);
  return Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, resolved(one, shared)]));
}

async function checks(shared: (id: string) => unknown): Promise<Checks> {
  const compile = await schemaCompiler();
  const known = new Map<object, ReturnType<Checks>>();
  return (schema) => {
    const found = known.get(schema);
    if (found !== undefined) return found;
    // Headers stand among the keywords for the documentation only.
    const { headers: _headers, ...bare } = resolved(schema, shared) as Record<string, unknown>;
    const check = compile({ schema: closed(bare), method: "GET", url: "/" });
    const result = (data: unknown): string | undefined => {
      if (check(data) !== false) return undefined;
      return JSON.stringify((check as { readonly errors?: unknown }).errors);
    };
    known.set(schema, result);
    return result;
  };
}

/** What an answer does not keep of what its route says; undefined where it keeps everything. */
function violationOf(
  check: Checks,
  status: number,
  type: string,
  payload: unknown,
  responses: Record<string, object>,
): string | undefined {
  if (status >= 500 && status !== 502 && status !== 503 && status !== 504) return `answered ${status}`;
  if (status >= 400) {
    if (Object.hasOwn(responses, status) && !type.startsWith(problemType))
      return bodyViolation(check, payload, responses[status] ?? {});
    if (!type.startsWith(problemType)) return `${status} is no problem details but ${type}`;
    return bodyViolation(check, payload, problemSchema);
  }
  const schema = responses[status] ?? responses[`${String(status).charAt(0)}xx`];
  if (schema === undefined) return `${status} is not documented`;
  if ("content" in schema) {
    const types = Object.keys(schema.content as object);
    return types.some((one) => type.startsWith(one)) ? undefined : `${type} is not among ${types.join()}`;
  }
  if ("type" in schema && schema.type === "null")
    return payload === undefined || payload === "" ? undefined : "there is a body";
  return type.startsWith("application/json") ? bodyViolation(check, payload, schema) : `${type} is not documented`;
}

function bodyViolation(check: Checks, payload: unknown, schema: object): string | undefined {
  if (typeof payload !== "string") return "the body is no text";
  return check(schema)(JSON.parse(payload));
}

/** Starts a CSMS on SQLite in a new folder; `configuration` is put over the defaults. */
export async function contractBench(
  options: { readonly configuration?: object; readonly resources?: readonly Resource[] } = {},
): Promise<ContractBench> {
  const folder = await mkdtemp(join(tmpdir(), "ocpp-contract-"));
  const log = keptLog();
  const violations: string[] = [];
  let fastify: FastifyInstance | undefined;
  const check = await checks((id) => fastify?.getSchema(id));

  const watch: Resource = (app) => {
    fastify = app;
    app.addHook("onSend", (request, reply, payload, done) => {
      const { url, schema } = request.routeOptions;
      const hidden = (schema as { hide?: boolean } | undefined)?.hide === true;
      if (request.method !== "HEAD" && request.method !== "OPTIONS" && !hidden) {
        const responses = (schema?.response ?? {}) as Record<string, object>;
        const type = String(reply.getHeader("content-type") ?? "");
        const violation = violationOf(check, reply.statusCode, type, payload, responses);
        if (violation !== undefined) violations.push(`${request.method} ${url ?? request.url}: ${violation}`);
      }
      done(null, payload);
    });
  };

  const csms = await createCsms({
    configuration: testConfiguration({ store: { folder }, api: { rateLimit: 0 }, ...options.configuration }),
    log,
    resources: [watch, ...(options.resources ?? [])],
  });
  if (fastify === undefined) throw new Error("The resources were not added");
  const peers: { close(options: { timeout: number }): Promise<unknown> }[] = [];

  /** Takes a station in where it is not known, connects it, and lets it boot. */
  const open = async <P extends Peer<V16, "station"> | Peer<V201, "station">>(
    identity: string,
    endpoint: unknown,
    boot: (peer: P) => Promise<unknown>,
  ): Promise<P> => {
    if ((await csms.services.stations.get(identity)) === undefined) {
      await csms.services.stations.add(identity, { registration: "Accepted" });
    }
    const session = connect(csms.webSocketUrl, [endpoint as ReturnType<typeof station<V16, object, "fallback">>], {
      identity,
      reconnect: false,
    });
    const peer = (await session.ready) as unknown as P;
    peers.push(peer);
    await boot(peer);
    return peer;
  };

  return {
    station16: (identity, handlers = {}) =>
      open(identity, station(v16, handlers as object, { fallback }), (peer: Peer<V16, "station">) =>
        peer.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" }),
      ),
    station201: (identity, handlers = {}) =>
      open(identity, station(v201, handlers as object, { fallback }), (peer: Peer<V201, "station">) =>
        peer.call("BootNotification", {
          reason: "PowerUp",
          chargingStation: { vendorName: "Acme", model: "Duo", serialNumber: "S-1" },
        }),
      ),
    csms,
    fastify,
    log,
    violations,
    ask: async (method, path, body, headers = {}) => {
      const response = await fetch(`${csms.apiUrl}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as unknown) : undefined,
      };
    },
    close: async () => {
      await Promise.all(peers.map((peer) => peer.close({ timeout: 0 })));
      await csms.close(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
