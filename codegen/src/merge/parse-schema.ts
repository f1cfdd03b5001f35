import { isJsonObject, type Json, type JsonObject, parseJson, reasonOf } from "../json.ts";
import { SchemaError } from "./schema-error.ts";
import type { Format, SchemaNode, SchemaType } from "./schema-node.ts";

/** A schema file: the message itself and the definitions that it brings along. */
export interface ParsedFile {
  readonly root: SchemaNode;
  readonly definitions: ReadonlyMap<string, SchemaNode>;
}

const types: readonly SchemaType[] = ["object", "string", "integer", "number", "array", "boolean"];
const formats: readonly Format[] = ["date-time", "uri"];
const rootOnly = new Set(["$schema", "$id", "id", "title", "comment", "$comment", "definitions"]);
const anywhere = ["type", "description", "javaType", "default"];
// additionalProperties has no effect on strings, and additionalItems none beside items; the official schemas have both.
const keywords: { readonly [T in SchemaType]: readonly string[] } = {
  object: ["properties", "required", "additionalProperties"],
  string: ["enum", "maxLength", "format", "additionalProperties"],
  integer: ["minimum", "maximum"],
  number: ["minimum", "maximum", "multipleOf"],
  array: ["items", "minItems", "maxItems", "additionalItems"],
  boolean: [],
};

/** Reads one node; `fail` names the file and the place of what is wrong. */
function parseNode(value: Json, file: string, place: string, isRoot = false): SchemaNode {
  const fail = (reason: string): never => {
    throw new SchemaError(file, place, reason);
  };
  if (!isJsonObject(value)) return fail("a schema must be an object");
  const { $ref, type, description } = value;
  if ($ref !== undefined) {
    if (Object.keys(value).length > 1) fail("$ref must stand alone");
    return typeof $ref === "string" ? { $ref } : fail("$ref must be a string");
  }
  const known = types.find((name) => name === type);
  if (type !== undefined && known === undefined) fail(`unsupported type ${JSON.stringify(type)}`);
  const allowed = new Set([...anywhere, ...(known === undefined ? [] : keywords[known])]);
  for (const keyword of Object.keys(value))
    if (!allowed.has(keyword) && !(isRoot && rootOnly.has(keyword)))
      fail(
        `unsupported keyword ${JSON.stringify(keyword)}${known === undefined ? " without a type" : ` in a schema of type ${known}`}`,
      );
  if (description !== undefined && typeof description !== "string") fail("description must be a string");
  return {
    ...(known === undefined ? {} : { type: known }),
    ...(typeof description === "string" ? { description } : {}),
    ...parseDefault(value, fail),
    ...parseKeywords(value, known, file, place, fail),
  };
}

type Fail = (reason: string) => never;

function parseDefault({ default: value }: JsonObject, fail: Fail): SchemaNode {
  if (value === undefined) return {};
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { default: value }
    : fail("default must be a string, a number or a boolean");
}

function number(schema: JsonObject, keyword: string, fail: Fail, isCount: boolean): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || (isCount && !(Number.isSafeInteger(value) && value >= 0)))
    return fail(`${keyword} must be a ${isCount ? "whole number from 0" : "number"}`);
  return value;
}

/** The properties of a record that hold something. */
function present(node: { readonly [K in keyof SchemaNode]: SchemaNode[K] | undefined }): SchemaNode {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));
}

function parseKeywords(
  schema: JsonObject,
  type: SchemaType | undefined,
  file: string,
  place: string,
  fail: Fail,
): SchemaNode {
  switch (type) {
    case "object":
      return parseObject(schema, file, place, fail);
    case "array": {
      if (schema["items"] === undefined) fail("an array needs items");
      return present({
        items: parseNode(schema["items"] ?? null, file, `${place}/items`),
        minItems: number(schema, "minItems", fail, true),
        maxItems: number(schema, "maxItems", fail, true),
      });
    }
    case "string": {
      const { format } = schema;
      const known = formats.find((name) => name === format);
      if (format !== undefined && known === undefined) fail(`unsupported format ${JSON.stringify(format)}`);
      if (schema["enum"] !== undefined && (format ?? schema["maxLength"]) !== undefined)
        fail("an enum needs no other constraint");
      return present({
        enum: strings(schema, "enum", fail),
        maxLength: number(schema, "maxLength", fail, true),
        format: known,
      });
    }
    case "integer":
    case "number": {
      const multipleOf = number(schema, "multipleOf", fail, false);
      if (multipleOf !== undefined && !(multipleOf > 0)) fail("multipleOf must be more than 0");
      return present({
        minimum: number(schema, "minimum", fail, false),
        maximum: number(schema, "maximum", fail, false),
        multipleOf,
      });
    }
    default:
      return {};
  }
}

function strings(schema: JsonObject, keyword: string, fail: Fail): readonly string[] | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) return fail(`${keyword} must be a list`);
  const texts = value.filter((item) => typeof item === "string");
  if (texts.length !== value.length) fail(`${keyword} must hold strings only`);
  if (new Set(texts).size !== texts.length) fail(`${keyword} holds a value twice`);
  return texts;
}

function parseObject(schema: JsonObject, file: string, place: string, fail: Fail): SchemaNode {
  const { properties = {}, additionalProperties = true } = schema;
  if (!isJsonObject(properties)) return fail("properties must be an object");
  if (typeof additionalProperties !== "boolean") return fail("additionalProperties must be true or false");
  const required = strings(schema, "required", fail) ?? [];
  for (const name of required) if (!Object.hasOwn(properties, name)) fail(`requires ${name}, which is no property`);
  // The validators keep the required properties that they have seen in the bits of one integer.
  if (required.length > 31) fail(`${required.length} required properties are more than 31`);
  const parsed = Object.entries(properties).map(([name, child]): [string, SchemaNode] => {
    if (!/^[A-Za-z_]\w*$/.test(name)) fail(`property ${JSON.stringify(name)} is no identifier`);
    return [name, parseNode(child, file, `${place}/properties/${name}`)];
  });
  return { properties: Object.fromEntries(parsed), required, additionalProperties };
}

/**
 * Reads a schema file. Throws a {@link SchemaError} on anything that is not JSON, not a schema or not a keyword known
 * here: nothing that could say what a message accepts is passed over in silence.
 */
export function parseSchema(text: string, file: string): ParsedFile {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new SchemaError(file, "", `not JSON: ${reasonOf(error)}`);
  }
  const root = parseNode(value, file, "", true);
  if (root.type !== "object") throw new SchemaError(file, "", 'a message must have the type "object"');
  const { definitions = {} } = isJsonObject(value) ? value : {};
  if (!isJsonObject(definitions)) throw new SchemaError(file, "/definitions", "must be an object");
  const parsed = Object.entries(definitions).map(([name, child]): [string, SchemaNode] => {
    const place = `/definitions/${name}`;
    const node = parseNode(child, file, place);
    const javaType = isJsonObject(child) ? child["javaType"] : undefined;
    if (javaType !== undefined && javaType !== name.replace(/Type$/, ""))
      throw new SchemaError(file, place, `javaType ${JSON.stringify(javaType)} does not fit the name ${name}`);
    return [name, node];
  });
  return { root, definitions: new Map(parsed) };
}
