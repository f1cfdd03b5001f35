import type { Infrastructure } from "../infrastructure.ts";
import type { BackgroundRunRow } from "../store/tables/jobs.ts";

/** Keeps the runs of background services. */
export interface RunRecord {
  /** Says of runs that were under way when the process ended that they were interrupted. */
  interrupt(): Promise<void>;
  /** The newest kept run of each service. */
  newest(names: readonly string[]): Promise<Map<string, BackgroundRunRow>>;
  /** Notes that a run begins; nobody waits for it. */
  begin(name: string): BackgroundRunRow;
  /**
   * Notes how a run ended. A run with the same end as the one before takes its place and is no event, unless somebody
   * asked for it: most services find nothing to do most of the time.
   */
  end(run: BackgroundRunRow, before: BackgroundRunRow | undefined, asked: boolean): Promise<void>;
}

/** Makes the record over the store. */
export function createRunRecord({ store, events, clock }: Infrastructure): RunRecord {
  const insert = store.prepare<BackgroundRunRow>((db, row) => db.insertInto("background_runs").values(row));
  const remove = store.prepare<{ id: number }>((db, { id }) => db.deleteFrom("background_runs").where("id", "=", id));
  const update = store.prepare<Pick<BackgroundRunRow, "id" | "finished_at" | "outcome" | "result">>((db, row) =>
    db
      .updateTable("background_runs")
      .set({ finished_at: row.finished_at, outcome: row.outcome, result: row.result })
      .where("id", "=", row.id),
  );

  return {
    interrupt: async () => {
      await store.write(
        store.reader
          .updateTable("background_runs")
          .set({ outcome: "interrupted", finished_at: clock.now(), result: "The process ended while it ran." })
          .where("outcome", "=", "running"),
      );
    },
    newest: async (names) => {
      const rows = await Promise.all(
        names.map((name) =>
          store.reader
            .selectFrom("background_runs")
            .selectAll()
            .where("name", "=", name)
            .orderBy("id", "desc")
            .limit(1)
            .executeTakeFirst(),
        ),
      );
      return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.name, row]])));
    },
    begin: (name) => {
      const run: BackgroundRunRow = {
        id: store.nextId(),
        name,
        started_at: clock.now(),
        finished_at: null,
        outcome: "running",
        result: null,
      };
      store.append(insert(run));
      return run;
    },
    end: async (run, before, asked) => {
      const { id, name, started_at: startedAt, finished_at: finishedAt, outcome, result } = run;
      if (!asked && before?.outcome === outcome && before.result === result) {
        store.append(update(run));
        store.append(remove({ id: before.id }));
        return;
      }
      const data = { id, name, startedAt, finishedAt, outcome, result };
      await events.commit([update(run)], [{ stationId: null, kind: "background.finished", data }]);
    },
  };
}
