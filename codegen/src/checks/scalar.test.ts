import { describe, expect, it } from "vitest";
import { checkArray } from "./array.ts";
import { isObject, missingProperty, unknownProperty } from "./object.ts";
import {
  checkBoolean,
  checkInteger,
  checkIntegerIn,
  checkMultiple,
  checkNumber,
  checkNumberIn,
  checkString,
  checkStringUpTo,
  otherValue,
} from "./scalar.ts";
import {
  inside,
  itemsBit,
  lengthBit,
  rangeBit,
  requiredBit,
  typeBit,
  type Validator,
  valueBit,
  violation,
} from "./violation.ts";

const kind = (found: ReturnType<Validator>): string => found?.kind ?? "ok";

describe("scalars", () => {
  it.each([0, 1, -0, 1e300, 2.0])("%d is an integer", (value) => expect(kind(checkInteger(value, 0))).toBe("ok"));
  it.each([0.5, Number.NaN, Infinity, "1", null, undefined])("%s is none", (value) =>
    expect(kind(checkInteger(value, 0))).toBe("type"),
  );
  it.each([Number.NaN, -Infinity, "1", [], new Number(1)])("%s is no number", (value) =>
    expect(kind(checkNumber(value, 0))).toBe("type"),
  );

  it("count characters, not code units", () => {
    expect(kind(checkStringUpTo("😀".repeat(20), 0, 20))).toBe("ok");
    expect(kind(checkStringUpTo("😀".repeat(21), 0, 20))).toBe("length");
    expect(kind(checkStringUpTo("\ud83d".repeat(20), 0, 20))).toBe("ok");
    expect(kind(checkStringUpTo("\ud83d".repeat(21), 0, 20))).toBe("length");
    expect(kind(checkStringUpTo("x".repeat(10_000_000), 0, 20))).toBe("length");
  });

  it("know their bounds", () => {
    expect(checkIntegerIn(-1, 0, 0, 3)?.message).toBe("must be at least 0");
    expect(checkNumberIn(3.1, 0, 0, 3)?.message).toBe("must be at most 3");
    expect(kind(checkNumberIn(3, 0, 0, 3))).toBe("ok");
    expect(kind(checkIntegerIn(1.5, 0, 0, 3))).toBe("type");
  });

  it("take every multiple of 0.1 for one", () => {
    for (let tenths = 0; tenths <= 10_000; tenths++) expect(checkMultiple(tenths / 10, 0, 0.1)).toBeUndefined();
    expect(kind(checkMultiple(0.15, 0, 0.1))).toBe("range");
    expect(kind(checkMultiple(Infinity, 0, 0.1))).toBe("type");
  });

  it("never quote the value that was sent", () => {
    expect(otherValue("Secret", 0)?.message).toBe("must be one of the allowed values");
  });

  it("let pass what is tolerated, kind by kind", () => {
    expect(checkBoolean("x", typeBit) ?? checkString(1, typeBit) ?? checkNumber("", typeBit)).toBeUndefined();
    expect(otherValue("Other", valueBit)).toBeUndefined();
    expect(kind(otherValue(1, valueBit))).toBe("type");
    expect(checkStringUpTo("xxx", lengthBit, 2)).toBeUndefined();
    expect(kind(checkStringUpTo(1, lengthBit, 2))).toBe("type");
    expect(checkIntegerIn(9, rangeBit, 0, 3) ?? checkMultiple(0.15, rangeBit, 0.1)).toBeUndefined();
    expect(missingProperty(0, ["a"], requiredBit)).toBeUndefined();
  });
});

describe("arrays", () => {
  it("count before they look", () => {
    let calls = 0;
    const count: Validator = () => void calls++;
    expect(checkArray(Array.from({ length: 1e6 }), 0, count, 1, 10)?.message).toBe("must have at most 10 items");
    expect(checkArray([], 0, count, 1)?.message).toBe("must have at least 1 item");
    expect(calls).toBe(0);
    expect(checkArray([], itemsBit, count, 1)).toBeUndefined();
  });

  it("refuse holes, and say where", () => {
    const holed = [1, 2, 3];
    Reflect.deleteProperty(holed, 1);
    expect(checkArray(holed, 0, checkInteger)).toEqual({ kind: "type", path: [1], message: "must be an integer" });
    expect(kind(checkArray({ length: 1 }, 0, checkInteger))).toBe("type");
  });
});

describe("objects", () => {
  it.each([null, [], "x", 1, undefined, () => {}])("%s is none", (value) => expect(isObject(value)).toBe(false));

  it("are told which required property is missing first", () => {
    expect(missingProperty(0b101, ["a", "b", "c", "d"], 0)?.message).toBe('lacks the property "b"');
  });

  it("have unknown keys quoted and cut", () => {
    expect(unknownProperty('a"b').message).toBe('has no property "a\\"b"');
    expect(unknownProperty("x".repeat(1e6)).message.length).toBeLessThan(80);
  });

  it("lead to a violation step by step", () => {
    expect(inside("a", inside(0, violation("type", "m"))).path).toEqual(["a", 0]);
  });
});
