import * as fc from "fast-check";
import type { ApiDocument, ApiSchema } from "./api-document.ts";

/** Values that exist, by the name of the field that may hold one, so that what is generated is not always about nothing. */
export type Known = (field: string) => readonly unknown[];

/** How deep optional fields are filled in. */
const deepest = 5;

/** Texts that careless programs stumble over. */
export const nastyTexts: readonly string[] = [
  "",
  " ",
  "0",
  "-1",
  "null",
  "NaN",
  "' or '1'='1",
  "'; drop table stations; --",
  '"; select 1; --',
  "%",
  "_",
  "\\",
  "../../etc/passwd",
  "..%2f..%2f",
  "{{7*7}}",
  "\u0024{7*7}",
  "<script>alert(1)</script>",
  "line\r\nX-Injected: yes",
  "\u0000",
  "a\u0000b",
  "\u001b[31mred",
  "\u202egnp.exe",
  "__proto__",
  "constructor",
  "\ud800",
  "😀".repeat(40),
  "é".repeat(300),
  "x".repeat(3_000),
  "9".repeat(30),
  "1e400",
  "2026-13-45T99:99:99Z",
];

function resolved(document: ApiDocument, schema: ApiSchema): ApiSchema {
  let found = schema;
  while (found.$ref !== undefined) {
    const name = found.$ref.replace("#/components/schemas/", "");
    const next = document.components.schemas[name];
    if (next === undefined) throw new Error(`The document has no ${found.$ref}`);
    found = next;
  }
  return found;
}

function fitting(texts: readonly string[], least: number, most: number): string[] {
  return texts.filter((text) => {
    // Schemas count code points.
    const { length } = Array.from(text);
    return length >= least && length <= most;
  });
}

function textsOf({ minLength = 0, maxLength = 200, pattern, format }: ApiSchema): fc.Arbitrary<string> {
  if (format === "date-time") {
    return fc
      .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (format === "uri") return fc.webUrl();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
  const plain = fc.string({ minLength, maxLength: Math.min(maxLength, Math.max(minLength, 40)) });
  const words = fc
    .stringMatching(/^[A-Za-z0-9]{1,20}$/)
    .filter((text) => text.length >= minLength && text.length <= maxLength);
  const nasty = fitting(nastyTexts, minLength, maxLength);
  const choices: fc.WeightedArbitrary<string>[] = [{ arbitrary: plain, weight: 1 }];
  if (minLength <= 20) choices.push({ arbitrary: words, weight: 2 });
  if (nasty.length > 0) choices.push({ arbitrary: fc.constantFrom(...nasty), weight: 1 });
  return fc.oneof(...choices);
}

function numbersOf({ minimum, maximum, multipleOf }: ApiSchema, whole: boolean): fc.Arbitrary<number> {
  const least = minimum ?? (whole ? -2_147_483_648 : -1e6);
  const most = Math.max(least, maximum ?? (whole ? 2_147_483_647 : 1e6));
  if (whole) {
    const near = fc.integer({ min: Math.ceil(least), max: Math.floor(Math.min(most, Math.ceil(least) + 10)) });
    return fc.oneof(near, fc.integer({ min: Math.ceil(least), max: Math.floor(most) }));
  }
  if (multipleOf !== undefined) {
    const steps = { min: Math.ceil(least / multipleOf), max: Math.floor(most / multipleOf) };
    return fc.integer(steps).map((step) => Number((step * multipleOf).toFixed(6)));
  }
  return fc.double({ min: least, max: most, noNaN: true });
}

/** Whether a value is of a type that a schema names; of any where it names none. */
function fits({ type, enum: values }: ApiSchema, value: unknown): boolean {
  if (values !== undefined) return values.includes(value);
  if (type === undefined) return true;
  const own = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const types = [type].flat();
  return types.includes(own) || (types.includes("integer") && Number.isSafeInteger(value));
}

/** Values that a schema of the document allows; about existing things where `known` has some of a field's name. */
export function valuesOf(
  document: ApiDocument,
  schema: ApiSchema,
  known: Known,
  field = "",
  depth = 0,
): fc.Arbitrary<unknown> {
  const plain = resolved(document, schema);
  const own = valuesByType(document, plain, known, field, depth);
  const existing = known(field).filter((value) => fits(plain, value));
  return existing.length === 0
    ? own
    : fc.oneof({ arbitrary: fc.constantFrom(...existing), weight: 3 }, { arbitrary: own, weight: 1 });
}

function valuesByType(
  document: ApiDocument,
  schema: ApiSchema,
  known: Known,
  field: string,
  depth: number,
): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return fc.oneof(...either.map((one) => valuesOf(document, one, known, field, depth)));
  if (Array.isArray(schema.type)) {
    return fc.oneof(
      ...schema.type.map((type: string) => valuesByType(document, { ...schema, type }, known, field, depth)),
    );
  }
  switch (schema.type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return numbersOf(schema, true);
    case "number":
      return numbersOf(schema, false);
    case "string":
      return textsOf(schema);
    case "array": {
      const { minItems = 0, maxItems = minItems + 2, items = {} } = schema;
      const most = depth > deepest ? minItems : Math.min(maxItems, minItems + 2);
      return fc.array(valuesOf(document, items, known, field, depth + 1), { minLength: minItems, maxLength: most });
    }
    case "object":
      return objectsOf(document, schema, known, depth);
    default:
      return schema.properties === undefined
        ? fc.jsonValue({ maxDepth: 2 })
        : objectsOf(document, schema, known, depth);
  }
}

function objectsOf(document: ApiDocument, schema: ApiSchema, known: Known, depth: number): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) {
    if (typeof additionalProperties === "object") {
      const values = valuesOf(document, additionalProperties, known, "", depth + 1);
      return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), values, { maxKeys: 3, noNullPrototype: true });
    }
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 1 }), {
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  const chosen = Object.entries(properties).filter(([name]) => depth <= deepest || required.includes(name));
  const fields = Object.fromEntries(
    chosen.map(([name, one]) => [name, valuesOf(document, one, known, name, depth + 1)]),
  );
  return recordsOf(fields, required);
}

/** Objects with these fields: with what they must have only, with one field more, or with any of them. */
export function recordsOf(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: readonly string[],
): fc.Arbitrary<Record<string, unknown>> {
  const requiredKeys = required.filter((name) => name in fields);
  const optional = Object.keys(fields).filter((name) => !requiredKeys.includes(name));
  const only = (names: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name))), {
      noNullPrototype: true,
    });
  if (optional.length === 0) return only(requiredKeys);
  return fc.oneof(
    only(requiredKeys),
    fc.constantFrom(...optional).chain((name) => only([...requiredKeys, name])),
    fc.record(fields, { requiredKeys, noNullPrototype: true }),
  );
}

/** Values of any sort, most of them not what any schema asks for. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e308, "", [], {}, [[]], { a: 1 }),
  fc.constantFrom(...nastyTexts),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value with one thing changed somewhere: a field gone, a field too many, or something else in a place. */
export function spoilt(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.nat(), fc.constantFrom("drop", "add", "swap"), junk, fc.stringMatching(/^[a-zA-Z_]{1,12}$/))
    .map(([value, at, how, other, key]) => change(value, at, how, other, key));
}

function change(value: unknown, at: number, how: string, other: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return other;
  if (Array.isArray(value)) {
    if (value.length === 0 || how === "add") return [...(value as unknown[]), other];
    const index = at % value.length;
    return value.map((item: unknown, place) => (place === index ? change(item, at >> 2, how, other, key) : item));
  }
  const entries = Object.entries(value);
  if (how === "add" || entries.length === 0) return { ...value, [key]: other };
  const index = at % entries.length;
  const [name = "", inner] = entries[index] ?? [];
  if (how === "drop") return Object.fromEntries(entries.filter((_entry, place) => place !== index));
  const deeper = typeof inner === "object" && inner !== null && (at & 1) === 1;
  return { ...value, [name]: deeper ? change(inner, at >> 2, how, other, key) : other };
}
