import { Ajv, type ErrorObject } from "ajv";
import formats from "ajv-formats";
import type { Schema } from "./schema.ts";
import type { Kind } from "./violation.ts";

/** One thing that ajv holds against a document, in the words of our validators. */
export interface Finding {
  readonly kind: Kind;
  /** JSON pointer to the value at fault: for `required` and `unknown-property` the object that lacks or has the property. */
  readonly path: string;
  /** The keyword of the schema, and which property is missing or unknown or which format is meant. */
  readonly keyword: string;
  readonly detail: string | undefined;
}

/** Everything that ajv holds against a document; nothing when it is valid. */
export type Reference = (document: unknown) => readonly Finding[];

const kinds: Readonly<Record<string, Kind>> = {
  type: "type",
  required: "required",
  enum: "value",
  maxLength: "length",
  minItems: "items",
  maxItems: "items",
  minimum: "range",
  maximum: "range",
  multipleOf: "range",
  format: "format",
  additionalProperties: "unknown-property",
};

const none: readonly Finding[] = [];

const ajv = new Ajv({
  strict: false,
  // What it is by default; `strict: false` would take NaN and the infinities, which JSON cannot carry, for numbers.
  strictNumbers: true,
  allErrors: true,
  messages: false,
  multipleOfPrecision: 6,
  logger: false,
});
formats.default(ajv, { mode: "full" });

/** Compiles a schema with ajv 8, formats in full mode. */
export function referenceOf(schema: Schema): Reference {
  const validate = ajv.compile(withoutIdentity(schema));
  return (document) => (validate(document) ? none : (validate.errors ?? []).map(finding));
}

const isFormat = {
  "date-time": ajv.compile({ type: "string", format: "date-time" }),
  uri: ajv.compile({ type: "string", format: "uri" }),
};

/** Whether the reference takes a text for one of a format. */
export function hasFormat(format: "date-time" | "uri", text: string): boolean {
  return isFormat[format](text);
}

/**
 * A schema without its name and dialect. Drafts 04, 06 and 07 agree on every keyword that OCPP uses, so ajv reads all of
 * them as draft 07. Only the root bears such keywords; further down `id` is a property's name and stays.
 */
export function withoutIdentity(schema: Schema): Schema {
  const { $schema: _dialect, $id: _name, id: _older, ...rest } = schema;
  return rest;
}

function finding(error: ErrorObject): Finding {
  const kind = kinds[error.keyword];
  if (kind === undefined) throw new Error(`ajv reports ${error.keyword}, a keyword without a kind of ours`);
  const { missingProperty, additionalProperty, format } = error.params as Record<string, string | undefined>;
  return {
    kind,
    path: error.instancePath,
    keyword: error.keyword,
    detail: missingProperty ?? additionalProperty ?? format,
  };
}

/** A key as a step of a JSON pointer. */
export function pointer(key: string | number): string {
  const text = String(key);
  return /[~/]/.test(text) ? text.replaceAll("~", "~0").replaceAll("/", "~1") : text;
}
