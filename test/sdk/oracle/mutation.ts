import type { Draw } from "./draw.ts";
import { copyOf, hostileKeys, junk, put } from "./junk.ts";
import { anyNumber } from "./number.ts";
import type { ArrayShape, ObjectShape, Shape } from "./shape.ts";
import { brokenText } from "./text.ts";

/** A place in a document: who holds the value, under which key, and what the schema wants there (nothing where it is silent). */
interface Place {
  readonly holder: object;
  readonly key: string | number;
  readonly shape: Shape | undefined;
}

/**
 * The document with one to three changes at random places, of the kinds that senders, transports and attackers make. The
 * document given is consumed. Some changes leave it valid; that is for the reference to say.
 */
export function mutated(draw: Draw, shape: Shape, document: unknown): unknown {
  const root = { document };
  for (let rounds = 1 + draw.below(3); rounds > 0; rounds -= 1) {
    const places = placesOf(root, shape);
    change(draw, draw.pick(places), places);
  }
  return root.document;
}

function placesOf(root: { document: unknown }, rootShape: Shape): Place[] {
  const places: Place[] = [{ holder: root, key: "document", shape: rootShape }];
  // The list grows while it is walked, breadth first; the bound keeps a document of a thousand equal elements cheap.
  for (let index = 0; index < places.length && places.length < 300; index += 1) {
    const place = places[index];
    if (place === undefined) break;
    const { holder, key, shape } = place;
    const value = read(holder, key);
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      const items = shape?.is === "array" ? shape.items : undefined;
      for (let element = 0; element < value.length && element < 20; element += 1) {
        places.push({ holder: value, key: element, shape: items });
      }
    } else {
      const properties = shape?.is === "object" ? shape.properties : [];
      for (const name of Object.keys(value)) {
        places.push({ holder: value, key: name, shape: properties.find((property) => property.name === name)?.shape });
      }
    }
  }
  return places;
}

function change(draw: Draw, place: Place, places: readonly Place[]): void {
  const { holder, key, shape } = place;
  const value = read(holder, key);
  switch (draw.below(8)) {
    case 0:
      remove(holder, key);
      break;
    case 1:
      put(holder, key, junk(draw));
      break;
    case 2:
      put(holder, key, draw.pick([undefined, null]));
      break;
    case 3:
      put(
        holder,
        key,
        draw.pick([[copyOf(value)], { value: copyOf(value) }, { 0: copyOf(value), length: 1 }, unwrapped(value)]),
      );
      break;
    case 4: {
      const other = draw.pick(places);
      const theirs = copyOf(read(other.holder, other.key));
      put(other.holder, other.key, copyOf(value));
      put(holder, key, theirs);
      break;
    }
    default:
      changeWithin(draw, place, shape);
  }
}

/** A change that the shape suggests: just beyond what it allows. */
function changeWithin(draw: Draw, { holder, key }: Place, shape: Shape | undefined): void {
  const value = read(holder, key);
  if (Array.isArray(value)) changeArray(draw, value, shape?.is === "array" ? shape : undefined);
  else if (typeof value === "object" && value !== null)
    changeObject(draw, value, shape?.is === "object" ? shape : undefined);
  else if (shape?.is === "text") put(holder, key, brokenText(draw, shape));
  else if (shape?.is === "number") put(holder, key, draw.chance(0.1) ? String(value) : anyNumber(draw, shape));
  else put(holder, key, junk(draw, 1));
}

function changeObject(draw: Draw, value: object, shape: ObjectShape | undefined): void {
  const names = shape?.properties.map((property) => property.name) ?? [];
  const name = names.length > 0 ? draw.pick(names) : "x";
  switch (draw.below(6)) {
    case 0:
      put(value, draw.pick(hostileKeys), junk(draw));
      break;
    case 1:
      put(value, draw.pick(hostileKeys), undefined);
      break;
    case 2:
      put(value, name, undefined);
      break;
    case 3:
      put(value, draw.pick([`${name} `, name.toUpperCase(), `${name}s`, name.slice(1), `${name}\u0000`]), junk(draw));
      break;
    case 4:
      remove(value, name);
      break;
    default:
      put(value, name, junk(draw));
  }
}

function changeArray(draw: Draw, value: unknown[], shape: ArrayShape | undefined): void {
  const index = draw.below(value.length + 1);
  switch (draw.below(7)) {
    case 0:
      value.length = 0;
      break;
    case 1:
      Reflect.deleteProperty(value, index);
      break;
    case 2:
      value.length += 1 + draw.below(2);
      break;
    case 3:
      value[index] = draw.pick([undefined, null]);
      break;
    case 4:
      value.splice(index, 0, junk(draw));
      break;
    default: {
      const goal = (shape !== undefined && shape.max < 2000 ? shape.max : value.length) + draw.below(2);
      // A thousand elements are dear to judge; the edges have them anyway.
      if (goal < 50 || draw.chance(0.05)) while (value.length < goal) value.push(value[0]);
    }
  }
}

function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value)[0];
}

function read(holder: object, key: string | number): unknown {
  return Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
}

function remove(holder: object, key: string | number): void {
  // In an array the gap closes; holes are a change of their own.
  if (Array.isArray(holder) && typeof key === "number") holder.splice(key, 1);
  else Reflect.deleteProperty(holder, key);
}
