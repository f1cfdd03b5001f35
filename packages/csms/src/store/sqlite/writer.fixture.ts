/*
 * A process that opens a store and writes rows of counters as fast as it can, and says on its output which are kept. Its
 * arguments are the file and how many writers run; with 0 it holds the file and writes nothing.
 */
import { argv, stdout } from "node:process";
import { openStore } from "../open-store.ts";
import { StoreError } from "../store-error.ts";
import type { CounterRow } from "../tables/store.ts";

const [, , file = "", writers = "0"] = argv;
try {
  const store = await openStore({ kind: "sqlite", file });
  const insert = store.prepare<CounterRow>((db, row) => db.insertInto("counters").values(row));
  stdout.write("open\n");
  let next = 0;
  const run = async (): Promise<void> => {
    for (;;) {
      next += 1;
      const name = String(next);
      await store.write(insert({ name, value: next }), insert({ name: `${name}b`, value: next }));
      stdout.write(`${name}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(writers) }, run));
  // Stays until it is killed.
  setInterval(() => {}, 1_000);
} catch (error) {
  stdout.write(`${error instanceof StoreError ? error.code : String(error)}\n`);
}
