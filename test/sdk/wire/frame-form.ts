import { expect } from "vitest";
import { protocolOf, type Version } from "./version.ts";

/** Asserts that a text is a well-formed frame of a version, as its sender must write it (§4.2 of every version). */
export function expectWellFormed(version: Version, text: string): unknown[] {
  const { errorCodes, messageTypes } = protocolOf[version];
  const frame: unknown = JSON.parse(text);
  if (!Array.isArray(frame)) throw new Error(`${text.slice(0, 100)} is no array`);
  const [type, id, third, fourth, fifth] = frame as unknown[];
  expect(messageTypes).toContain(type);
  expect(typeof id === "string" || typeof id === "number").toBe(true);
  if (type === 3) {
    expect(frame).toHaveLength(3);
    expect(third).toBeTypeOf("object");
  } else if (type === 4 || type === 5) {
    expect(frame).toHaveLength(5);
    expect(Object.values(errorCodes)).toContain(third);
    expect(fourth).toBeTypeOf("string");
    expect(String(fourth).length).toBeLessThanOrEqual(255);
    expect(fifth).toBeTypeOf("object");
    expect(Array.isArray(fifth)).toBe(false);
  } else {
    expect(frame).toHaveLength(4);
    expect(third).toBeTypeOf("string");
    expect(fourth).toBeTypeOf("object");
  }
  return frame as unknown[];
}

/** The type of a text that is a frame, also of one that is only nearly so; `undefined` where it has none. */
export function typeOf(text: string): unknown {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? (frame as unknown[])[0] : undefined;
  } catch {
    return undefined;
  }
}
