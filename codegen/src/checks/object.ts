import { requiredBit, type Violation, violation } from "./violation.ts";

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function unknownProperty(key: string): Violation {
  const name = key.length > 50 ? `${key.slice(0, 50)}…` : key;
  return violation("unknown-property", `has no property ${JSON.stringify(name)}`);
}

/** Names the first required property whose bit is not among those seen. */
export function missingProperty(seen: number, required: readonly string[], tolerated: number): Violation | undefined {
  if (tolerated & requiredBit) return undefined;
  return violation("required", `lacks the property "${required.find((_, index) => !(seen & (1 << index)))}"`);
}
