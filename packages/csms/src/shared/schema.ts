import type { Readable } from "node:stream";
import { identityPattern } from "@ocpp/websocket/identity";

declare const described: unique symbol;

/**
 * A JSON schema, as routes are described by, with the type of the JSON that it describes. The type stands in no value:
 * it is what the compiler knows of a request or an answer, so that neither is described a second time. A schema that is
 * written by hand describes `unknown`; `Schema<T>` beside it says what the author vouches for.
 */
export interface Schema<T = unknown> {
  readonly [described]?: T;
  readonly [keyword: string]: unknown;
}

/** What keywords of `type` stand for, for schemas that are written out. */
interface PlainTypes {
  readonly string: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  /** Answers without a body: nothing is sent. */
  readonly null: unknown;
  readonly object: object;
}

type Plain<Type> = Type extends keyof PlainTypes ? PlainTypes[Type] : unknown;

/** The type of the JSON that a schema describes. */
export type Static<S> = typeof described extends keyof S
  ? S extends { readonly [described]?: infer T }
    ? T
    : unknown
  : S extends { readonly type: infer Type }
    ? Plain<Type>
    : unknown;

/** The schemas of the members of an object, by name. */
export type Properties = Readonly<Record<string, Schema>>;

type Members<P extends Properties, Optional extends keyof P> = {
  readonly [Name in Exclude<keyof P, Optional>]: Static<P[Name]>;
} & { readonly [Name in Optional]?: Static<P[Name]> };

/** The same object type, as one that is read at a glance. */
type Flat<T> = { readonly [Name in keyof T]: T[Name] };

/** The names of members that have a default, and so are there whatever a request leaves out. */
type Defaulted<P extends Properties> = {
  [Name in keyof P]: P[Name] extends { readonly default: unknown } ? Name : never;
}[keyof P];

function describing(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}

/** A text of an answer, of any length. */
export function string(description?: string): Schema<string> {
  return { type: "string", ...describing(description) };
}

/** A number. */
export function number(description?: string): Schema<number> {
  return { type: "number", ...describing(description) };
}

/** A whole number of an answer. */
export function integer(description?: string): Schema<number> {
  return { type: "integer", ...describing(description) };
}

/** A whole number from 0 on. */
export function count(description?: string): Schema<number> {
  return { type: "integer", minimum: 0, ...describing(description) };
}

/** True or false. */
export function boolean(description?: string): Schema<boolean> {
  return { type: "boolean", ...describing(description) };
}

/** A text of a request, of at most so many characters. */
export function text(description: string, maxLength = 500, minLength = 1): Schema<string> {
  return { type: "string", description, minLength, maxLength };
}

/** A time in ISO 8601. */
export const time: Schema<string> = { type: "string", format: "date-time", examples: ["2026-01-31T12:00:00.000Z"] };

/** The same or null. */
export function nullable<S extends Schema>(schema: S): Schema<Static<S> | null> {
  const { type, enum: values, ...rest } = schema as Readonly<Record<string, unknown>>;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  return {
    ...rest,
    type: [type, "null"],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

/** An id of a row. */
export const rowId: Schema<number> = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

/** A whole number that fits all databases. */
export function whole(description: string, minimum = 0, maximum = 2_147_483_647): Schema<number> {
  return { type: "integer", description, minimum, maximum };
}

/** One of several texts. */
export function choice<const Value extends string>(description: string, values: readonly Value[]): Schema<Value> {
  return { type: "string", description, enum: values };
}

/** A list. */
export function list<S extends Schema>(items: S, description?: string): Schema<readonly Static<S>[]> {
  return { type: "array", items, ...describing(description) };
}

/** The identity of a station, as one of any version can have it (OCPP-J 1.6 §3.1.1; 2.0.1 and 2.1 part 4 §3.1.1). */
export const stationId: Schema<string> = {
  type: "string",
  description: "The identity of a station.",
  minLength: 1,
  maxLength: 48,
  pattern: identityPattern,
  examples: ["CP001"],
};

/** The names of the members that are not optional. */
function requiredOf(properties: Properties, optional: readonly string[]): { readonly required?: readonly string[] } {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return required.length > 0 ? { required } : {};
}

/** An object with all of its members required, unless they are named as optional. */
export function record<const P extends Properties, const Optional extends keyof P & string = never>(
  properties: P,
  optional: readonly Optional[] = [],
): Schema<Flat<Members<P, Optional>>> {
  return { type: "object", properties, ...requiredOf(properties, optional) };
}

/** An answer that is sent as a stream of what the schema describes. */
export function streamed(schema: Schema): Schema<Readable> {
  return schema as Schema<Readable>;
}

/** A schema with further keywords that leave its type as it is, such as `title` and `description`. */
export function annotated<S extends Schema>(schema: S, keywords: Readonly<Record<string, unknown>>): S {
  return { ...schema, ...keywords };
}

/** A schema with a value to begin with, as documents show it. */
export function withExample<S extends Schema>(schema: S, example: object): S {
  return annotated(schema, { examples: [example] });
}

/** The parameters of a query, or the members of a body that changes something: none of them required, unless named. */
export function parameters<const P extends Properties, const Required extends keyof P & string = never>(
  properties: P,
  required: readonly Required[] = [],
): Schema<Flat<Members<P, Exclude<keyof P, Required | Defaulted<P>>>>> {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}
