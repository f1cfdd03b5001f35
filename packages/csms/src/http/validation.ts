import type { FastifyInstance, FastifySchemaCompiler, FastifyServerOptions, RouteOptions } from "fastify";
import type { Schema } from "../shared/schema.ts";
import { ApiError, type FieldError } from "./api-error.ts";
import { coerce } from "./coercion.ts";

/** One error of ajv, as far as we read it. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where the parts of a request stand, in our words. */
const parts: Readonly<Record<string, FieldError["in"]>> = {
  body: "body",
  querystring: "query",
  params: "path",
  headers: "header",
};

/** How many errors one answer lists at most. */
const mostErrors = 20;

function fieldOf(error: SchemaError): FieldError["field"] {
  const path = error.instancePath.split("/").slice(1);
  const { missingProperty, additionalProperty } = error.params;
  const last = missingProperty ?? additionalProperty;
  return [...path, ...(typeof last === "string" ? [last.slice(0, 100)] : [])].join("/");
}

function messageOf(error: SchemaError): string {
  if (error.keyword === "required") return "is required";
  if (error.keyword === "additionalProperties") return "is not known here";
  const { allowedValues } = error.params;
  if (Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(", ")}`;
  return error.message ?? "is wrong";
}

/** The error for what a schema refuses; its detail names the first field. */
export function schemaError(part: string, errors: readonly SchemaError[]): ApiError {
  const where = parts[part] ?? "body";
  const fields = errors
    .slice(0, mostErrors)
    .map((error): FieldError => ({ in: where, field: fieldOf(error), message: messageOf(error) }));
  const [first] = fields;
  const detail = `The ${where}${first === undefined || first.field === "" ? "" : ` field ${first.field}`} ${first?.message ?? "is wrong"}.`;
  return new ApiError(400, detail, { kind: "invalid-request", errors: fields });
}

const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

/**
 * A schema that takes nothing that it does not name: objects with `properties` have no others unless they say so, and
 * whole numbers are those that every database can hold.
 */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const { properties, ...rest } = schema as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = rest["type"] === "integer" ? { ...safe, ...rest } : { ...rest };
  for (const keyword of ["items", "oneOf", "anyOf", "allOf"]) {
    if (keyword in rest) result[keyword] = closed(rest[keyword]);
  }
  if (typeof properties !== "object" || properties === null) return result;
  result["properties"] = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)]));
  result["additionalProperties"] ??= false;
  return result;
}

/**
 * Makes the compiler of schemas: that of Fastify, set to change nothing, so that bodies reach their handlers as they came. It
 * is loaded when it is first needed: ajv takes 150 ms and more to load, which no start waits for.
 */
export async function schemaCompiler(): Promise<FastifySchemaCompiler<unknown>> {
  const { default: createFactory } = await import("@fastify/ajv-compiler");
  // The same function; its own type is that of ajv's functions, where Fastify's says what it does for Fastify.
  return createFactory()(
    {},
    {
      customOptions: {
        coerceTypes: false,
        useDefaults: false,
        removeAdditional: false,
        allErrors: false,
        allowUnionTypes: true,
        strictTypes: false,
      },
    },
  ) as FastifySchemaCompiler<unknown>;
}

/** Puts the parameters of a query and path into the types of their schemas, before they are checked. */
function coerceParameters(route: RouteOptions): void {
  const { querystring, params } = (route.schema ?? {}) as { querystring?: Schema; params?: Schema };
  if (querystring === undefined && params === undefined) return;
  const before = route.preValidation === undefined ? [] : [route.preValidation].flat();
  route.preValidation = [
    (request, _reply, done) => {
      if (querystring !== undefined) request.query = coerce(querystring, request.query);
      if (params !== undefined) request.params = coerce(params, request.params);
      done();
    },
    ...before,
  ];
}

/** What checks the requests of a server. */
export interface Validation {
  /** The option `schemaController` of the server. */
  readonly schemaController: NonNullable<FastifyServerOptions["schemaController"]>;
  /** Adds the hooks that it needs to the server, before its routes. */
  add(app: FastifyInstance): void;
}

/**
 * Makes what checks requests by the schemas of their routes: unknown fields and wrong types are refused and never mended,
 * except that the texts of queries and paths are read as the numbers, flags and lists that they stand for. Answers are
 * written as they are. The compiler is loaded with the first request, and a schema compiled when it is first needed, so
 * that the start waits for neither.
 */
export function createValidation(): Validation {
  let compile: FastifySchemaCompiler<unknown> | undefined;
  let loading: Promise<FastifySchemaCompiler<unknown>> | undefined;

  const compiler: FastifySchemaCompiler<unknown> = (route) => {
    let check: ReturnType<FastifySchemaCompiler<unknown>> | undefined;
    return (data: unknown) => {
      if (compile === undefined) throw new Error("The compiler of schemas is not loaded");
      check ??= compile({ ...route, schema: closed(route.schema) });
      const { errors } = check(data) === false ? (check as { errors?: readonly SchemaError[] | null }) : {};
      return errors === undefined || errors === null
        ? { value: data }
        : { error: schemaError(route.httpPart ?? "body", errors) };
    };
  };
  return {
    schemaController: {
      compilersFactory: {
        // The type is that of ajv's functions; Fastify takes one that returns a value or an error as well.
        buildValidator: () => compiler as never,
        buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
      },
    },
    add: (app) => {
      app.addHook("preValidation", async () => {
        loading ??= schemaCompiler();
        compile ??= await loading;
      });
      app.addHook("onRoute", coerceParameters);
    },
  };
}
