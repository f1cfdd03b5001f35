import { edgyDateTimes } from "./date-time.ts";
import { hostileKeys, put } from "./junk.ts";
import { edgyFractions, edgyIntegers } from "./number.ts";
import type { ArrayShape, NumberShape, ObjectShape, Shape, TextShape } from "./shape.ts";
import { edgyUris } from "./uri.ts";

const wrongTypes: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  1.5,
  "",
  "x",
  "1",
  [],
  [[]],
  {},
  { 0: "x", length: 1 },
];

/**
 * Documents that stand, one after the other, at each edge of each rule of a shape and everywhere else at its plainest: what
 * random drawing reaches often in small schemas and hardly ever deep within large ones. Parts are shared between documents.
 */
export function* edgesOf(shape: Shape): IterableIterator<unknown> {
  if (shape.is === "any") {
    yield* wrongTypes;
    return;
  }
  yield* wrongTypes;
  if (shape.is === "object") yield* objectEdges(shape);
  else if (shape.is === "array") yield* arrayEdges(shape);
  else if (shape.is === "text") yield* textEdges(shape);
  else if (shape.is === "number") yield* numberEdges(shape);
}

function* objectEdges(shape: ObjectShape): IterableIterator<unknown> {
  const bare = plainObject(shape, 0);
  yield bare;
  yield plainest(shape, 1);
  for (const key of hostileKeys) {
    for (const value of ["x", null, undefined]) yield withKey(bare, key, value);
  }
  yield [bare];
  yield Object.values(bare);
  for (const { name, shape: inner } of shape.properties) {
    const present = withKey(bare, name, plainest(inner));
    yield present;
    yield withKey(present, name, undefined);
    const missing = { ...present };
    Reflect.deleteProperty(missing, name);
    yield missing;
    for (const slip of [name.toUpperCase(), `${name} `, `${name}s`, name.slice(0, -1)])
      yield withKey(missing, slip, "x");
    for (const value of edgesOf(inner)) yield withKey(bare, name, value);
  }
}

function* arrayEdges(shape: ArrayShape): IterableIterator<unknown> {
  const element = plainest(shape.items);
  const counts = [shape.min - 1, shape.min, shape.min + 1, shape.max - 1, shape.max, shape.max + 1];
  for (const count of new Set(counts)) {
    if (count >= 0 && count < 5000) yield Array.from({ length: count }, () => element);
  }
  if (shape.max < 5000) {
    const crowd: unknown[] = [];
    crowd.length = shape.max + 1;
    yield crowd;
  }
  // The holes are the point.
  yield Array(1);
  yield [element, undefined];
  yield Object.assign([element, element], { length: 3 });
  yield { 0: element, length: 1 };
  yield element;
  for (const value of edgesOf(shape.items)) {
    yield [value];
    yield [element, value];
  }
}

function* textEdges(shape: TextShape): IterableIterator<unknown> {
  if (shape.format !== undefined) yield* shape.format === "uri" ? edgyUris : edgyDateTimes;
  for (const value of shape.values ?? []) {
    yield* [value, `${value} `, value.slice(0, -1), value.toLowerCase(), value.toUpperCase(), [value]];
  }
  if (shape.values !== undefined) yield* hostileKeys;
  if (!Number.isFinite(shape.maxLength)) {
    yield "x".repeat(5000);
    return;
  }
  for (const length of [shape.maxLength - 1, shape.maxLength, shape.maxLength + 1, 2 * shape.maxLength + 1]) {
    for (const character of ["x", "\u{1f600}", "\ud800", "\udc00"]) {
      yield character.repeat(length);
      yield `x${character.repeat(length - 1)}`;
      yield `${character.repeat(length - 1)}\ud800`;
    }
    yield `\ud800${"\u{1f600}".repeat(length - 1)}`;
  }
}

function* numberEdges(shape: NumberShape): IterableIterator<unknown> {
  yield* edgyIntegers;
  yield* edgyFractions;
  yield* [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const bound of [shape.min, shape.max]) {
    if (Number.isFinite(bound)) for (const step of [0, 1, -1, 0.5, 0.1, 1e-15]) yield* [bound + step, bound - step];
  }
  if (shape.multipleOf !== undefined)
    for (let tenths = 0; tenths <= 100; tenths += 1) yield* [tenths / 10, tenths * 0.1];
}

/** The plainest value of a shape: only what is required, or to a depth of `rich` also whatever is optional. */
export function plainest(shape: Shape, rich = 0): unknown {
  switch (shape.is) {
    case "object":
      return plainObject(shape, rich);
    case "array":
      return Array.from({ length: Math.max(shape.min, rich > 0 ? 1 : 0) }, () => plainest(shape.items, rich - 1));
    case "text":
      if (shape.format !== undefined) return shape.format === "uri" ? "https://example.com/" : "2024-02-29T12:00:00Z";
      return shape.values?.[0] ?? "x";
    case "number":
      return Math.max(shape.min, Math.min(shape.max, 1));
    default:
      return true;
  }
}

function plainObject(shape: ObjectShape, rich: number): object {
  const value: Record<string, unknown> = {};
  for (const property of shape.properties) {
    if (property.required || rich > 0) value[property.name] = plainest(property.shape, rich - 1);
  }
  return value;
}

function withKey(value: object, key: string, part: unknown): object {
  const copy = { ...value };
  put(copy, key, part);
  return copy;
}
