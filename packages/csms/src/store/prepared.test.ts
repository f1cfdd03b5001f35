import * as fc from "fast-check";
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { describe, expect, it } from "vitest";
import { prepareWrite } from "./prepared.ts";
import type { EventRow } from "./tables/events.ts";
import type { CounterRow } from "./tables/store.ts";
import type { Tables } from "./tables/tables.ts";

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of) => new PostgresIntrospector(of),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const row: EventRow = { id: 1, station_id: null, kind: "k", at: 2, data: "d" };

describe("a prepared write", () => {
  it("spreads a row over the columns of an insert", () => {
    const write = prepareWrite<EventRow>(db, (of, event) => of.insertInto("events").values(event))(row);
    expect(write).toEqual({
      sql: 'insert into "events" ("id", "station_id", "kind", "at", "data") values ($1, $2, $3, $4, $5)',
      parameters: [1, null, "k", 2, "d"],
    });
  });

  it("is what Kysely makes of the row, whatever fields and values it has", () => {
    const insert = prepareWrite<object>(db, (of, event) => of.insertInto("events").values(event as EventRow));
    const fields = fc.uniqueArray(fc.constantFrom("id", "station_id", "kind", "at", "data"), { minLength: 1 });
    const value = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.constant(null));
    fc.assert(
      fc.property(fields, fc.array(value, { minLength: 5, maxLength: 5 }), (names, values) => {
        const made = Object.fromEntries(names.map((name, index) => [name, values[index]]));
        const { sql, parameters } = db
          .insertInto("events")
          .values(made as unknown as EventRow)
          .compile();
        expect(insert(made)).toEqual({ sql, parameters });
      }),
    );
  });

  it("puts parameters where they are used, as often as they are used, between constants", () => {
    const update = prepareWrite<CounterRow>(db, (of, counter) =>
      of
        .updateTable("counters")
        .set({ value: counter.value })
        .where("name", "=", counter.name)
        .where("value", "<", counter.value)
        .where("name", "<>", "fixed"),
    );
    expect(update({ name: "a", value: 3 })).toEqual({
      sql: 'update "counters" set "value" = $1 where "name" = $2 and "value" < $3 and "name" <> $4',
      parameters: [3, "a", 3, "fixed"],
    });
    expect(update({ name: "b", value: 4 }).parameters).toEqual([4, "b", 4, "fixed"]);
  });

  it("takes a row with fields beside it", () => {
    const insert = prepareWrite<EventRow>(db, (of, event) =>
      of
        .insertInto("events")
        .values({ ...event, kind: "fixed" })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ data: event.data })),
    );
    expect(insert(row).parameters).toEqual([1, null, "fixed", 2, "d", "d"]);
  });

  it("builds once", () => {
    let builds = 0;
    const insert = prepareWrite<EventRow>(db, (of, event) => {
      builds += 1;
      return of.insertInto("events").values(event);
    });
    insert(row);
    const before = builds;
    insert({ ...row, id: 2 });
    expect(builds).toBe(before);
  });

  it("refuses a builder that computes with a parameter, at once", () => {
    const remove = (compute: (of: CounterRow) => unknown) =>
      prepareWrite<CounterRow>(db, (of, counter) =>
        of.deleteFrom("counters").where("value", "=", compute(counter) as number),
      );
    expect(() => remove(({ value }) => value + 1)).toThrow(/row\.value stands for a parameter/);
    expect(() => remove(({ name }) => `${name}!`)).toThrow(/row\.name stands for a parameter/);
    expect(() => remove((counter) => JSON.stringify([counter.name]))).toThrow(/row\.name stands for a parameter/);
    expect(() => remove((counter) => counter)).toThrow(TypeError);
  });

  it("refuses a select", () => {
    const select = (of: Kysely<Tables>) => of.selectFrom("events").selectAll();
    expect(() => prepareWrite(db, select)).toThrow(TypeError);
  });
});
