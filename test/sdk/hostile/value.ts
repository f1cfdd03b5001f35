import { put } from "../oracle/junk.ts";

/** A value that no honest peer sends, made anew for each use. */
export interface HostileValue {
  readonly name: string;
  readonly make: () => unknown;
  /** Set for arrays so long that walking them takes minutes: nothing but JSON of gigabytes could bring one. */
  readonly endless?: true;
}

/** How deep the nested values are. */
const depth = 100_000;

class Reading {
  readonly value = 1;
  get unit(): string {
    return "Wh";
  }
}

const trap = () => {
  throw new Error("a validator called what it was given");
};

/** Values that have caught validators out: from JSON as an attacker writes it, and from code that hands over what is not JSON. */
export const hostileValues: readonly HostileValue[] = [
  { name: "arrays nested deep", make: () => JSON.parse("[".repeat(depth) + "]".repeat(depth)) },
  { name: "objects nested deep", make: () => JSON.parse('{"a":'.repeat(depth) + "1" + "}".repeat(depth)) },
  {
    name: "own __proto__ nested deep",
    make: () => JSON.parse('{"__proto__":'.repeat(depth) + "1" + "}".repeat(depth)),
  },
  { name: "customData nested deep", make: () => JSON.parse('{"customData":'.repeat(depth) + "1" + "}".repeat(depth)) },
  { name: "an object that holds itself", make: circle },
  { name: "an array that holds itself", make: ring },
  {
    name: "own __proto__",
    make: () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  },
  {
    name: "own methods of objects",
    make: () => JSON.parse('{"hasOwnProperty":1,"toString":2,"valueOf":3,"toJSON":4}'),
  },
  {
    name: "methods that throw",
    make: () => ({ toString: trap, valueOf: trap, toJSON: trap, [Symbol.toPrimitive]: trap }),
  },
  { name: "a then", make: thenable },
  {
    name: "an object of many keys",
    make: () => Object.fromEntries(Array.from({ length: 2_000 }, (_, key) => [`k${key}`, key])),
  },
  { name: "an object of a very long key", make: () => ({ ["k".repeat(1_000_000)]: 1 }) },
  { name: "an object of a key that is half a character", make: () => ({ "\ud800": 1 }) },
  { name: "an object without a prototype", make: () => Object.assign(Object.create(null), { value: 1 }) },
  { name: "an object that inherits", make: () => Object.create({ value: 1, customData: 1 }) },
  { name: "a frozen object", make: () => Object.freeze({ value: Object.freeze([1]) }) },
  { name: "a frozen array", make: () => Object.freeze([Object.freeze({})]) },
  { name: "an object with a symbol for a key", make: () => ({ [Symbol("key")]: 1 }) },
  { name: "an object with a hidden key", make: () => Object.defineProperty({}, "hidden", { value: 1 }) },
  { name: "an array with a hole", make: () => Object.assign([], { length: 1 }) },
  { name: "an array of holes", make: () => Object.assign([], { length: 1_000_000 }) },
  {
    name: "an array of four thousand million holes",
    make: () => Object.assign([], { length: 2 ** 32 - 1 }),
    endless: true,
  },
  { name: "an array with names", make: () => Object.assign([1], { vendorId: "x", "-1": 1 }) },
  { name: "an array of undefined", make: () => [undefined] },
  { name: "a long array", make: () => Array.from({ length: 100_000 }, () => ({})) },
  { name: "an array-like", make: () => ({ 0: "x", length: 1 }) },
  { name: "an endless array-like", make: () => ({ length: Number.MAX_SAFE_INTEGER }) },
  { name: "arguments", make: () => argumentsOf("x", 1) },
  { name: "bytes", make: () => new Uint8Array(1_000) },
  { name: "a buffer", make: () => new ArrayBuffer(8) },
  { name: "a string object", make: () => Object("Accepted") },
  { name: "a number object", make: () => Object(1) },
  { name: "a boolean object", make: () => Object(true) },
  { name: "half a character", make: () => "\ud800" },
  { name: "the other half", make: () => "\udc00\ud800" },
  { name: "many halves", make: () => "\udfff\ud800".repeat(20_000) },
  { name: "zero characters", make: () => "\u0000".repeat(100) },
  { name: "a string with the name of a method", make: () => "constructor" },
  { name: "the string __proto__", make: () => "__proto__" },
  { name: "NaN", make: () => Number.NaN },
  { name: "infinity", make: () => Number.POSITIVE_INFINITY },
  { name: "minus infinity", make: () => Number.NEGATIVE_INFINITY },
  { name: "minus zero", make: () => -0 },
  { name: "the greatest number", make: () => Number.MAX_VALUE },
  { name: "the least number", make: () => -Number.MAX_VALUE },
  { name: "the smallest number", make: () => Number.MIN_VALUE },
  { name: "a number of 400 digits", make: () => JSON.parse("9".repeat(400)) },
  { name: "a bigint", make: () => 10n ** 400n },
  { name: "a symbol", make: () => Symbol("Accepted") },
  { name: "a well-known symbol", make: () => Symbol.iterator },
  { name: "a function", make: () => trap },
  { name: "a class", make: () => Reading },
  { name: "an instance", make: () => new Reading() },
  { name: "a date", make: () => new Date(0) },
  { name: "an invalid date", make: () => new Date(Number.NaN) },
  { name: "a map", make: () => new Map([["__proto__", 1]]) },
  { name: "a set", make: () => new Set([1]) },
  { name: "a regular expression", make: () => /(?:)/g },
  { name: "a promise", make: () => Promise.resolve(1) },
  { name: "an error", make: () => new Error("hostile") },
  { name: "a weak map", make: () => new WeakMap() },
  { name: "the prototype of all objects", make: () => Object.prototype },
  { name: "the prototype of all arrays", make: () => Array.prototype },
  { name: "the global object", make: () => globalThis },
  { name: "undefined", make: () => undefined },
  { name: "null", make: () => null },
];

function thenable(): unknown {
  const value = {};
  put(value, "then", trap);
  return value;
}

function circle(): unknown {
  const value: Record<string, unknown> = { vendorId: "x" };
  value["customData"] = value;
  value["self"] = value;
  return value;
}

function ring(): unknown {
  const value: unknown[] = [];
  value.push(value, value);
  return value;
}

function argumentsOf(..._given: unknown[]): unknown {
  // oxlint-disable-next-line prefer-rest-params -- the arguments object itself is wanted
  return arguments;
}
