import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { ApiDocument, ApiSchema, Operation } from "./api-document.ts";

/** An answer of REST, as far as a document says anything of it. */
export interface Answer {
  readonly status: number;
  /** The media type, without parameters. */
  readonly type: string;
  readonly text: string;
}

/** Judges requests and answers by a document. */
export interface Conformity {
  /** What is wrong with an answer; undefined where the document says that it may be so. */
  judge(operation: Operation, answer: Answer): string | undefined;
  /** Whether a value is what a schema of the document allows. */
  allows(schema: ApiSchema, value: unknown): boolean;
}

const problemType = "application/problem+json";

/** A schema whose objects have no fields but those that it names. Where schemas are combined, they are left as they are. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null || "allOf" in schema) return schema;
  const result = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "properties"
        ? Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, closed(one)]))
        : key === "items" || key === "anyOf" || key === "oneOf"
          ? closed(value)
          : value,
    ]),
  ) as Record<string, unknown>;
  if ("properties" in result) result["additionalProperties"] ??= false;
  return result;
}

/** Makes what judges by a document. Answers must not have fields that the document does not name. */
export function conformityOf(document: ApiDocument): Conformity {
  const ajv = new Ajv2020({ strict: false, logger: false, addUsedSchema: false, multipleOfPrecision: 6 });
  formats.default(ajv, { mode: "full" });
  const schemas = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      name === "Problem" ? closed(schema) : schema,
    ]),
  );
  const validators = new Map<ApiSchema, ValidateFunction>();

  const validatorOf = (schema: ApiSchema, strict: boolean): ValidateFunction => {
    const known = validators.get(schema);
    if (known !== undefined) return known;
    const rooted = { ...(strict ? (closed(schema) as object) : schema), components: { schemas } };
    const made = ajv.compile(rooted);
    validators.set(schema, made);
    return made;
  };

  const problemOf = (schema: ApiSchema, text: string): string | undefined => {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return "the body is no JSON";
    }
    const validate = validatorOf(schema, true);
    if (validate(body)) return undefined;
    const [error] = validate.errors ?? [];
    const { additionalProperty = "" } = (error?.params ?? {}) as { additionalProperty?: string };
    return `the body${error?.instancePath ?? ""} ${error?.message ?? "is wrong"} ${additionalProperty}: ${text.slice(0, 500)}`;
  };

  return {
    judge: (operation, { status, type, text }) => {
      const responses = document.paths[operation.path]?.[operation.method.toLowerCase()]?.responses ?? {};
      const own = responses[String(status)] ?? responses[`${String(status)[0]}XX`];
      if (status >= 500 && ![502, 503, 504].includes(status))
        return "never a 5xx that says that something is broken here";
      if (own === undefined && status < 400) return "the status is not documented";
      const content = own?.content;
      if (own !== undefined && own.$ref === undefined && (status < 400 || content?.[type] !== undefined)) {
        if (content === undefined)
          return text === "" ? undefined : `there is a body, of which nothing is documented: ${text.slice(0, 200)}`;
        const described = content[type] ?? content[`${type.split("/")[0] ?? ""}/*`] ?? content["*/*"];
        if (described === undefined) return `the type ${type} is not documented`;
        return described.schema === undefined || !type.endsWith("json") ? undefined : problemOf(described.schema, text);
      }
      if (type !== problemType) return `an error is told as ${type}: ${text.slice(0, 200)}`;
      return problemOf({ $ref: "#/components/schemas/Problem" }, text) ?? statusProblem(status, text);
    },
    allows: (schema, value) => validatorOf(schema, false)(value),
  };
}

/** What is wrong with the status that problem details name. */
function statusProblem(status: number, text: string): string | undefined {
  const named = (JSON.parse(text) as { readonly status: number }).status;
  return named === status ? undefined : `the problem names the status ${named}`;
}
