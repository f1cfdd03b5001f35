import type { RouteOptions } from "fastify";
import type { Schema } from "../../shared/schema.ts";
import { problemType } from "../problem.ts";
import { closed } from "../validation.ts";
import { apiTags } from "./tags.ts";

/** A part of an OpenAPI document. */
export type DocumentPart = Record<string, unknown>;

/** An OpenAPI 3.1 document, as far as it is worked on after it is made. */
export interface ApiDocument extends DocumentPart {
  readonly paths: Record<string, DocumentPart>;
  readonly components: { readonly schemas: DocumentPart } & DocumentPart;
}

/** What a route says of itself. */
interface Description {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly params?: Schema;
  readonly querystring?: Schema;
  readonly headers?: Schema;
  readonly body?: Schema;
  readonly response?: Readonly<Record<string, Schema>>;
  readonly hide?: boolean;
}

const problem = { $ref: "#/components/responses/Problem" };

/** Rewrites what points to a schema of the server, such as `Problem#`, to where the document has it. */
function located(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(located);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== "$id")
      .map(([key, value]) => {
        if (key === "$ref" && typeof value === "string")
          return [key, value.replace(/^([^#/]+)#$/, "#/components/schemas/$1")];
        return [key, key === "examples" || key === "enum" || key === "default" ? value : located(value)];
      }),
  );
}

function parametersOf(where: "query" | "path" | "header", schema: Schema | undefined): DocumentPart[] {
  const { properties = {}, required = [] } = (closed(schema) ?? {}) as {
    properties?: Readonly<Record<string, Schema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    // Lists come as `a,b`; repeated ones are understood as well.
    ...(where === "query" && rest["type"] === "array" ? { style: "form", explode: false } : {}),
    schema: located(rest),
  }));
}

function contentOf(schema: Schema): DocumentPart {
  const { content } = schema;
  if (typeof content === "object" && content !== null) return located(content) as DocumentPart;
  return { "application/json": { schema: located(schema) } };
}

function responseOf(schema: Schema): DocumentPart {
  const { headers, description = "Done.", ...body } = schema;
  const named = Object.entries((headers ?? {}) as Readonly<Record<string, Schema>>).map(
    ([name, { description: text, ...one }]) => [
      name,
      { ...(text === undefined ? {} : { description: text }), schema: located(one) },
    ],
  );
  const empty = body["type"] === "null" || Object.keys(body).length === 0;
  return {
    description,
    ...(named.length > 0 ? { headers: Object.fromEntries(named) } : {}),
    ...(empty ? {} : { content: contentOf(body) }),
  };
}

function operationOf(route: RouteOptions, path: string): DocumentPart {
  const { operationId, summary, description, tags, deprecated, ...parts } = (route.schema ?? {}) as Description;
  const { role } = route.config ?? {};
  const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const described = (parts.params?.["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const params = { properties: Object.fromEntries(named.map((name) => [name, described[name] ?? { type: "string" }])) };
  const parameters = [
    ...parametersOf("path", params),
    ...parametersOf("query", parts.querystring),
    ...parametersOf("header", parts.headers),
  ];
  const answers = Object.entries(parts.response ?? { 200: {} }).map(([status, schema]) => [
    status.toLowerCase() === "default" ? "default" : status.toUpperCase(),
    responseOf(schema),
  ]);
  const about = role === "open" ? "Needs no key." : `Needs the role ${role ?? ""}.`;
  return {
    ...(operationId === undefined ? {} : { operationId }),
    ...(summary === undefined ? {} : { summary }),
    description: description === undefined ? about : `${description}\n\n${about}`,
    ...(tags === undefined ? {} : { tags }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(parts.body === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(closed(parts.body) as Schema) } }),
    responses: { ...Object.fromEntries(answers), default: problem },
    ...(role === "open" ? { security: [] } : {}),
  };
}

/** The path of a route as OpenAPI writes it: `/a/{id}` for `/a/:id`. */
export function documentPath(url: string): string {
  return url.replace(/:(\w+)/g, "{$1}");
}

/**
 * Makes the document of these routes and the shared schemas. Own code and not `@fastify/swagger`: the official schemas of OCPP
 * become components and a path for each action, and nothing of it is loaded or made before the document is asked for.
 */
export function createDocument(
  routes: readonly RouteOptions[],
  schemas: Readonly<Record<string, unknown>>,
  version: string,
): ApiDocument {
  const paths: Record<string, DocumentPart> = {};
  for (const route of routes) {
    const { hide } = (route.schema ?? {}) as Description;
    const methods = [route.method].flat().filter((method) => method !== "HEAD" && method !== "OPTIONS");
    if (hide === true || methods.length === 0) continue;
    const path = documentPath(route.url);
    const item = (paths[path] ??= {});
    for (const method of methods) item[method.toLowerCase()] = operationOf(route, path);
  }
  const used = new Set(
    Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => (operation as Description).tags ?? []),
    ),
  );
  // Those of resources that others add come last.
  const tags = [
    ...Object.entries(apiTags).flatMap(([name, description]) => (used.has(name) ? [{ name, description }] : [])),
    ...Array.from(used).flatMap((name) => (Object.hasOwn(apiTags, name) ? [] : [{ name }])),
  ];
  return {
    openapi: "3.1.0",
    info: {
      title: "OCPP CSMS",
      version,
      summary: "Stations, transactions, id tokens and commands of OCPP 1.6, 2.0.1 and 2.1.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags,
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, located(schema)])),
      responses: {
        Problem: {
          description: "What went wrong (RFC 9457).",
          content: { [problemType]: { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key." },
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-API-Key",
          description: "The same API key in a header of its own.",
        },
      },
    },
  };
}
