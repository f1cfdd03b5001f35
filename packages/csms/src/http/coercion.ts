import type { Schema } from "../shared/schema.ts";

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

function one(schema: Schema, text: unknown): unknown {
  if (typeof text !== "string") return text;
  const { type } = schema;
  if (type === "integer" || type === "number") return NUMBER.test(text) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function value(schema: Schema, given: unknown): unknown {
  if (schema["type"] !== "array") return one(schema, given);
  const items = (schema["items"] ?? {}) as Schema;
  const texts = [given].flat().flatMap((text) => (typeof text === "string" ? text.split(",") : [text]));
  return texts.filter((text) => text !== "").map((text) => one(items, text));
}

/**
 * Reads the texts of a query or path as what their schema says: numbers, flags, and lists, which come as `a,b` or repeated.
 * What cannot be read stays a text, for the schema to refuse; what is missing gets its default.
 */
export function coerce(schema: Schema, given: unknown): Record<string, unknown> {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, text] of Object.entries(given ?? {})) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    result[name] = property === undefined ? text : value(property, text);
  }
  for (const [name, property] of Object.entries(properties)) {
    if (!(name in result) && property["default"] !== undefined) result[name] = property["default"];
  }
  return result;
}
