import { plainest } from "../oracle/edges.ts";
import { put } from "../oracle/junk.ts";
import type { Shape } from "../oracle/shape.ts";

/** A place in the documents of a schema: how to put a value there, all else being plain, and what the schema wants there. */
export interface Placement {
  /** The place with `/` between the steps and `*` for any element of an array. */
  readonly path: string;
  readonly shape: Shape;
  readonly document: (value: unknown) => unknown;
}

/** Every place in the documents of a shape, the root first. */
export function placementsOf(shape: Shape): Placement[] {
  const placements: Placement[] = [];

  function walk(at: Shape, path: string, document: (value: unknown) => unknown): void {
    placements.push({ path, shape: at, document });
    if (at.is === "object") {
      for (const { name, shape: inner } of at.properties) {
        walk(inner, `${path}/${name}`, (value) => {
          const holder = plainest(at);
          if (typeof holder === "object" && holder !== null) put(holder, name, value);
          return document(holder);
        });
      }
    } else if (at.is === "array") {
      walk(at.items, `${path}/*`, (value) => document([value]));
    }
  }

  walk(shape, "", (value) => value);
  return placements;
}
