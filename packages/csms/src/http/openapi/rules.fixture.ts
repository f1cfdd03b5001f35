/*
 * The structure of OpenAPI 3.1 (§4.8), as far as a document of ours uses it, checked by hand: objects have the fields that the
 * specification names and no others, and those that it requires.
 */

type Part = Readonly<Record<string, unknown>>;
type Check = (value: unknown, path: string) => string[];

const isObject = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text: Check = (value, path) => (typeof value === "string" ? [] : [`${path} is no text`]);
const flag: Check = (value, path) => (typeof value === "boolean" ? [] : [`${path} is no flag`]);
const anything: Check = () => [];

function listOf(check: Check): Check {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((one, index) => check(one, `${path}/${index}`)) : [`${path} is no list`];
}

function mapOf(check: Check, names: RegExp = /.+/): Check {
  return (value, path) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, one]) =>
          names.test(name) ? check(one, `${path}/${name}`) : [`${path}/${name} has a wrong name`],
        )
      : [`${path} is no object`];
}

function object(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isObject(value)) return [`${path} is no object`];
    const missing = required.filter((name) => !(name in value)).map((name) => `${path} lacks ${name}`);
    const wrong = Object.entries(value).flatMap(([name, one]) => {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return check === undefined ? [`${path} has ${name}`] : check(one, `${path}/${name}`);
    });
    return [...missing, ...wrong];
  };
}

function orReference(check: Check): Check {
  return (value, path) =>
    isObject(value) && "$ref" in value ? object({ $ref: text })(value, path) : check(value, path);
}

const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
const schemaKeywords: Readonly<Record<string, Check>> = {
  $ref: text,
  title: text,
  description: text,
  type: (value, path) => ([value].flat().every((one) => types.includes(String(one))) ? [] : [`${path} is no type`]),
  format: text,
  pattern: text,
  enum: listOf(anything),
  const: anything,
  default: anything,
  examples: listOf(anything),
  deprecated: flag,
  readOnly: flag,
  writeOnly: flag,
  required: listOf(text),
  properties: mapOf((value, path) => schema(value, path)),
  additionalProperties: (value, path) => (typeof value === "boolean" ? [] : schema(value, path)),
  propertyNames: (value, path) => schema(value, path),
  items: (value, path) => schema(value, path),
  anyOf: listOf((value, path) => schema(value, path)),
  oneOf: listOf((value, path) => schema(value, path)),
  allOf: listOf((value, path) => schema(value, path)),
  not: (value, path) => schema(value, path),
  ...Object.fromEntries(
    [
      "minimum",
      "maximum",
      "exclusiveMinimum",
      "exclusiveMaximum",
      "multipleOf",
      "minLength",
      "maxLength",
      "minItems",
      "maxItems",
      "minProperties",
      "maxProperties",
    ].map((name): [string, Check] => [
      name,
      (value, path) => (typeof value === "number" ? [] : [`${path} is no number`]),
    ]),
  ),
  uniqueItems: flag,
};

const schema: Check = (value, path) => (typeof value === "boolean" ? [] : object(schemaKeywords)(value, path));

const mediaType = object({
  schema,
  example: anything,
  examples: mapOf(object({ summary: text, description: text, value: anything })),
});
const content = mapOf(mediaType, /^[\w.+-]+\/[\w.+-]+$/);
const header = object({ description: text, required: flag, deprecated: flag, schema }, ["schema"]);
const response = object({ description: text, headers: mapOf(header), content }, ["description"]);
const parameter = object(
  {
    name: text,
    in: (value, path) => (["query", "path", "header"].includes(String(value)) ? [] : [`${path} is wrong`]),
    description: text,
    required: flag,
    deprecated: flag,
    style: text,
    explode: flag,
    schema,
  },
  ["name", "in", "schema"],
);
const operation = object(
  {
    operationId: text,
    summary: text,
    description: text,
    tags: listOf(text),
    deprecated: flag,
    parameters: listOf(orReference(parameter)),
    requestBody: orReference(object({ description: text, required: flag, content }, ["content"])),
    responses: mapOf(orReference(response), /^([1-5](\d\d|XX)|default)$/),
    security: listOf(mapOf(listOf(text))),
  },
  ["responses"],
);
const pathItem = object(
  Object.fromEntries(["get", "put", "post", "delete", "patch"].map((method) => [method, operation])),
);
const document = object(
  {
    openapi: (value, path) => (/^3\.1\.\d+$/.test(String(value)) ? [] : [`${path} is no 3.1`]),
    info: object(
      {
        title: text,
        version: text,
        summary: text,
        description: text,
        license: object({ name: text, identifier: text }, ["name"]),
      },
      ["title", "version"],
    ),
    servers: listOf(object({ url: text }, ["url"])),
    tags: listOf(object({ name: text, description: text }, ["name"])),
    security: listOf(mapOf(listOf(text))),
    paths: mapOf(pathItem, /^\//),
    webhooks: mapOf(pathItem),
    components: object({
      schemas: mapOf(schema, /^[\w.-]+$/),
      responses: mapOf(response, /^[\w.-]+$/),
      securitySchemes: mapOf(object({ type: text, scheme: text, in: text, name: text, description: text }, ["type"])),
    }),
  },
  ["openapi", "info", "paths"],
);

/** What is wrong with a document, each with the way to it. */
export function flaws(value: unknown): string[] {
  return document(value, "#");
}
