import type { Kysely } from "kysely";
import type { Placeholders, Write, WriteQuery } from "./store.ts";
import type { Tables } from "./tables/tables.ts";

/** Stands for a parameter while a statement is compiled; whoever computes with it instead of passing it on is told. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError(`row.${this.name} stands for a parameter: pass it to the query, do not compute with it`);
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]();
  }
}

interface Slot {
  /** The field of the row, or undefined where the value is always the same. */
  readonly name: string | undefined;
  readonly value: unknown;
}

interface Compiled {
  readonly sql: string;
  readonly slots: readonly Slot[];
  /** Whether the parameters are the fields that the row was spread over, all and in their order. */
  readonly inOrder: boolean;
  /** The fields that the row was spread over, where it was. */
  readonly fields: readonly string[] | undefined;
}

/** Says that a builder wants to know all fields of the row, before there is a row. */
const unknownFields: unique symbol = Symbol("fields");

function placeholders<Row extends object>(fields: readonly string[] | undefined, asked: () => void): Placeholders<Row> {
  const made = new Map<string, Placeholder>();
  const placeholder = (name: string): Placeholder => {
    const known = made.get(name) ?? new Placeholder(name);
    made.set(name, known);
    return known;
  };
  return new Proxy<object>(
    {},
    {
      get: (_target, name) => (typeof name === "string" ? placeholder(name) : undefined),
      has: (_target, name) => typeof name === "string",
      ownKeys: () => {
        if (fields === undefined) throw unknownFields;
        asked();
        return [...fields];
      },
      getOwnPropertyDescriptor: (_target, name) =>
        typeof name === "string"
          ? { value: placeholder(name), enumerable: true, configurable: true, writable: false }
          : undefined,
    },
  ) as Placeholders<Row>;
}

function compile<Row extends object>(
  db: Kysely<Tables>,
  build: (db: Kysely<Tables>, row: Placeholders<Row>) => WriteQuery,
  fields: readonly string[] | undefined,
): Compiled {
  let spread = false;
  const row = placeholders<Row>(fields, () => {
    spread = true;
  });
  const { sql, parameters } = build(db, row).compile();
  if (/^\s*select\b/i.test(sql)) throw new TypeError("A prepared write was expected, this is a select");
  const slots = parameters.map((value): Slot => {
    if (value instanceof Placeholder) return { name: value.name, value: undefined };
    if (value === row) throw new TypeError("The row as a whole cannot be a parameter: name its fields");
    return { name: undefined, value };
  });
  const inOrder = spread && slots.length === fields?.length && slots.every(({ name }, index) => name === fields[index]);
  return { sql, slots, inOrder, fields: spread ? fields : undefined };
}

function sameFields(fields: readonly string[], row: object): boolean {
  let count = 0;
  for (const field in row) {
    if (fields[count] !== field) return false;
    count += 1;
  }
  return count === fields.length;
}

/** The values of a row in the order of its fields; undefined where it has others. What happens most often: one pass. */
function valuesOf(fields: readonly string[], row: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const values: unknown[] = [];
  for (const field in row) {
    if (fields[values.length] !== field) return undefined;
    values.push(row[field] ?? null);
  }
  return values.length === fields.length ? values : undefined;
}

/**
 * Compiles a statement once; see `Store.prepare`. Where it spreads the row over the columns of an insert, it is compiled
 * when the first row shows which fields there are, and again for rows that have others. A field that is missing or
 * undefined is null.
 */
export function prepareWrite<Row extends object>(
  db: Kysely<Tables>,
  build: (db: Kysely<Tables>, row: Placeholders<Row>) => WriteQuery,
): (row: Row) => Write {
  let current: Compiled | undefined;
  const others = new Map<string, Compiled>();
  try {
    current = compile(db, build, undefined);
  } catch (error) {
    if (error !== unknownFields) throw error;
  }

  const forRow = (row: Row): Compiled => {
    if (current !== undefined && (current.fields === undefined || sameFields(current.fields, row))) return current;
    const fields = Object.keys(row);
    const key = fields.join();
    current = others.get(key) ?? compile(db, build, fields);
    others.set(key, current);
    return current;
  };

  return (row) => {
    const values = row as Readonly<Record<string, unknown>>;
    if (current?.inOrder === true && current.fields !== undefined) {
      const inOrder = valuesOf(current.fields, values);
      if (inOrder !== undefined) return { sql: current.sql, parameters: inOrder };
    }
    const { sql, slots } = forRow(row);
    const parameters: unknown[] = [];
    for (const { name, value } of slots) parameters.push(name === undefined ? value : (values[name] ?? null));
    return { sql, parameters };
  };
}
