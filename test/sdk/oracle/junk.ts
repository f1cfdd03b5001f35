import type { Draw } from "./draw.ts";

/** Keys that mean something to JavaScript, or that a careless validator mistakes for ones it knows. */
export const hostileKeys: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "toJSON",
  "then",
  "length",
  "__defineGetter__",
  "",
  "0",
  "-1",
  " ",
  "\u0000",
  "\ud800",
  "/",
  "~",
  "customData",
  "vendorId",
  "status",
  "id",
];

const leaves: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  1.5,
  0.1 + 0.2,
  1e308,
  "",
  "0",
  "1",
  "true",
  "null",
  "x",
  "Accepted",
  "2024-01-01T00:00:00Z",
  "https://example.com/",
  "\ud800",
];

/** Any value that JSON can carry, small, with now and then an `undefined` or a hole in it. */
export function junk(draw: Draw, depth = 2): unknown {
  switch (depth === 0 ? 0 : draw.below(8)) {
    case 5:
      return [];
    case 6:
      return Array.from({ length: draw.below(3) }, () => junk(draw, depth - 1));
    case 7: {
      const value: Record<string, unknown> = {};
      for (let count = draw.below(3); count > 0; count -= 1) put(value, draw.pick(hostileKeys), junk(draw, depth - 1));
      return value;
    }
    default:
      return draw.pick(leaves);
  }
}

/** Sets an own enumerable property whatever its name is; plain assignment to `__proto__` would change the prototype. */
export function put(holder: object, key: string | number, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any object takes any key, and Reflect.set is slow
    (holder as Record<string | number, unknown>)[key] = value;
  }
}

/** A copy that shares nothing with the original and keeps `undefined`s, holes and an own `__proto__`. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copy.length = value.length;
    for (const index of value.keys()) if (index in value) copy[index] = copyOf(value[index]);
    return copy;
  }
  const copy = {};
  for (const key of Object.keys(value)) put(copy, key, copyOf(Reflect.get(value, key)));
  return copy;
}
