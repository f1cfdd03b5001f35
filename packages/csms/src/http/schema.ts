import { identityPattern } from "@ocpp/websocket/identity";

/** A JSON schema, as routes are described by. */
export type Schema = Readonly<Record<string, unknown>>;

/** A text; at most so many characters. */
export function text(description: string, maxLength = 500, minLength = 1): Schema {
  return { type: "string", description, minLength, maxLength };
}

/** A time, as REST tells it. */
export const time: Schema = { type: "string", format: "date-time", examples: ["2026-01-31T12:00:00.000Z"] };

/** The same or null. */
export function nullable(schema: Schema): Schema {
  const { type, enum: values, ...rest } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  return { ...rest, type: [type, "null"], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}

/** An id of a row. */
export const rowId: Schema = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

/** A whole number that fits all databases. */
export function whole(description: string, minimum = 0, maximum = 2_147_483_647): Schema {
  return { type: "integer", description, minimum, maximum };
}

/** One of several texts. */
export function choice(description: string, values: readonly string[]): Schema {
  return { type: "string", description, enum: values };
}

/** A list. */
export function list(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description === undefined ? {} : { description }) };
}

/** The identity of a station, as one of any version can have it (OCPP-J 1.6 §3.1.1; 2.0.1 and 2.1 part 4 §3.1.1). */
export const stationId: Schema = {
  type: "string",
  description: "The identity of a station.",
  minLength: 1,
  maxLength: 48,
  pattern: identityPattern,
  examples: ["CP001"],
};

/** An object with all of its fields required, unless they are named as optional. */
export function record(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

/** A schema with a value to begin with, as documents show it. */
export function withExample(schema: Schema, example: object): Schema {
  return { ...schema, examples: [example] };
}

/** The parameters of a path or query; none of them required, unless named. */
export function parameters(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}
