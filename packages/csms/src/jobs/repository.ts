import type { Store, Write, WriteQuery } from "../store/store.ts";
import type { BackgroundRunRow } from "../store/tables/jobs.ts";

/** The rows of the runs of background services. */
export interface RunRepository {
  /** The newest run of a service. */
  newest(name: string): Promise<BackgroundRunRow | undefined>;
  readonly insertion: (row: BackgroundRunRow) => Write;
  /** The write of how a run ended. */
  readonly end: (row: Pick<BackgroundRunRow, "id" | "finished_at" | "outcome" | "result">) => Write;
  readonly removal: (row: Pick<BackgroundRunRow, "id">) => Write;
  /** The write that ends the runs that an earlier process has left unfinished. */
  interruption(now: number): WriteQuery;
}

/** Makes the repository. */
export function createRunRepository(store: Store): RunRepository {
  const { reader } = store;
  return {
    newest: (name) =>
      reader
        .selectFrom("background_runs")
        .selectAll()
        .where("name", "=", name)
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst(),
    insertion: store.prepare<BackgroundRunRow>((db, row) => db.insertInto("background_runs").values(row)),
    end: store.prepare<Pick<BackgroundRunRow, "id" | "finished_at" | "outcome" | "result">>((db, row) =>
      db
        .updateTable("background_runs")
        .set({ finished_at: row.finished_at, outcome: row.outcome, result: row.result })
        .where("id", "=", row.id),
    ),
    removal: store.prepare<Pick<BackgroundRunRow, "id">>((db, { id }) =>
      db.deleteFrom("background_runs").where("id", "=", id),
    ),
    interruption: (now) =>
      reader
        .updateTable("background_runs")
        .set({ outcome: "interrupted", finished_at: now, result: "The process ended while it ran." })
        .where("outcome", "=", "running"),
  };
}
