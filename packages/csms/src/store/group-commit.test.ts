import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases } from "./store.fixture.ts";
import type { Store, Write } from "./store.ts";
import type { CounterRow } from "./tables/store.ts";

interface Step {
  readonly kind: "insert" | "raise" | "broken";
  readonly name: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("insert", "insert", "raise", "raise", "broken"),
  name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
});
const unit = fc.record({ appended: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 5 }) });

/** What units that are run one after the other leave, and answer. */
function model(units: readonly { readonly appended: boolean; readonly steps: readonly Step[] }[]): {
  readonly table: Map<string, number>;
  readonly answers: (number[] | "refused")[];
} {
  let table = new Map<string, number>();
  const answers = units.map(({ steps }) => {
    const next = new Map(table);
    const counts: number[] = [];
    for (const { kind, name } of steps) {
      const value = next.get(name);
      if (kind === "broken" || (kind === "insert" && value !== undefined)) return "refused" as const;
      if (kind === "insert") next.set(name, 0);
      else if (value !== undefined) next.set(name, value + 1);
      counts.push(kind === "insert" || value !== undefined ? 1 : 0);
    }
    table = next;
    return counts;
  });
  return { table, answers };
}

for (const database of databases) {
  describe(`group commit on ${database.name}`, () => {
    let store: Store;
    let insert: (row: CounterRow) => Write;
    let raise: (row: Pick<CounterRow, "name">) => Write;
    let lost = 0;

    beforeAll(async () => {
      store = await database.open({
        report: ({ count = 0 }) => {
          lost += count;
        },
      });
      insert = store.prepare((db, row) => db.insertInto("counters").values(row));
      raise = store.prepare((db, row) =>
        db
          .updateTable("counters")
          .set(({ eb }) => ({ value: eb("value", "+", 1) }))
          .where("name", "=", row.name),
      );
    });
    afterAll(() => database.remove());

    const writeOf = ({ kind, name }: Step): Write => {
      if (kind === "insert") return insert({ name, value: 0 });
      return kind === "raise" ? raise({ name }) : { sql: "update counters set nothing = 1", parameters: [] };
    };

    it("gives each unit what it would get if they ran one after the other", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 30 }), fc.boolean(), async (made, spread) => {
          await store.write(store.reader.deleteFrom("counters"));
          lost = 0;
          // Only one write can be appended at a time.
          const units = made.map(({ appended, steps }) => ({ appended: appended && steps.length === 1, steps }));
          const answers: Promise<readonly number[] | "refused" | undefined>[] = [];
          for (const { appended, steps } of units) {
            const writes = steps.map(writeOf);
            if (appended) {
              for (const write of writes) store.append(write);
              answers.push(Promise.resolve(undefined));
            } else {
              answers.push(
                store.write(...writes).catch((error: { code?: unknown }) => {
                  expect(["constraint", "failed"]).toContain(error.code);
                  return "refused";
                }),
              );
            }
            if (spread) await new Promise((resolve) => setImmediate(resolve));
          }
          const actual = await Promise.all(answers);
          await store.write(raise({ name: "none" }));
          const expected = model(units);
          expect(actual).toEqual(
            expected.answers.map((answer, index) => (units[index]?.appended ? undefined : answer)),
          );
          const refused = expected.answers.filter((answer, index) => units[index]?.appended && answer === "refused");
          expect(lost).toBe(refused.length);
          const rows = await store.reader.selectFrom("counters").selectAll().execute();
          expect(new Map(rows.map(({ name, value }) => [name, value]))).toEqual(expected.table);
        }),
        { numRuns: 150 },
      );
    });
  });
}
