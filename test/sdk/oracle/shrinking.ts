import { copyOf, put } from "./junk.ts";

/** Every document that has one part less than the given one, the largest cuts first. The given one is left alone. */
export function* smaller(document: unknown): IterableIterator<unknown> {
  const paths: (string | number)[][] = [[]];
  // Breadth first, so that what is cut first is large; the bound keeps huge documents from shrinking forever.
  for (let index = 0; index < paths.length && index < 2000; index += 1) {
    const path = paths[index] ?? [];
    const value = at(document, path);
    if (typeof value === "string" && value.length > 1) {
      const middle = value.length >> 1;
      for (const part of [value.slice(0, middle), value.slice(middle)]) yield replaced(document, path, part);
      if (value.length < 40) {
        for (let place = 0; place < value.length; place += 1) {
          yield replaced(document, path, value.slice(0, place) + value.slice(place + 1));
        }
      }
    }
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length > 3) yield replaced(document, path, value.slice(0, value.length >> 1));
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      yield without(document, path, key);
      paths.push([...path, key]);
    }
  }
}

function at(document: unknown, path: readonly (string | number)[]): unknown {
  let value = document;
  for (const step of path) value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

function replaced(document: unknown, path: readonly (string | number)[], part: unknown): unknown {
  return edited(document, path, (holder, key) => put(holder, key, part));
}

function without(document: unknown, path: readonly (string | number)[], last: string | number): unknown {
  return edited(document, [...path, last], (holder, key) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  });
}

/** A copy of the document in which the place at the end of the path has been edited. */
function edited(
  document: unknown,
  path: readonly (string | number)[],
  edit: (holder: object, key: string | number) => void,
): unknown {
  const root = { document: copyOf(document) };
  const steps = ["document", ...path];
  const key = steps.pop() ?? "document";
  const holder = at(root, steps);
  if (typeof holder === "object" && holder !== null) edit(holder, key);
  return root.document;
}
