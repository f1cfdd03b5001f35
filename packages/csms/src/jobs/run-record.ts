import type { Infrastructure } from "../infrastructure.ts";
import { isoTime, isoTimeOrNull } from "../shared/iso-time.ts";
import type { BackgroundRunRow } from "../store/tables/jobs.ts";
import { createRunRepository } from "./repository.ts";

/** Records the runs of background services. */
export interface RunRecord {
  /** Says of runs that were under way when the process ended that they were interrupted. */
  interrupt(): Promise<void>;
  /** The newest kept run of each service. */
  newest(names: readonly string[]): Promise<Map<string, BackgroundRunRow>>;
  /** Notes that a run begins; the caller does not wait. */
  begin(name: string): BackgroundRunRow;
  /**
   * Notes how a run ended. A run with the same end as the one before takes its place and is no event, unless a caller
   * asked for it: most services find nothing to do most of the time.
   */
  end(run: BackgroundRunRow, before: BackgroundRunRow | undefined, asked: boolean): Promise<void>;
}

/** Makes the record over the store. */
export function createRunRecord({ store, events, clock }: Infrastructure): RunRecord {
  const rows = createRunRepository(store);

  return {
    interrupt: async () => {
      await store.write(rows.interruption(clock.now()));
    },
    newest: async (names) => {
      const newest = await Promise.all(names.map((name) => rows.newest(name)));
      return new Map(newest.flatMap((row) => (row === undefined ? [] : [[row.name, row]])));
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
      store.append(rows.insertion(run));
      return run;
    },
    end: async (run, before, asked) => {
      const { id, name, outcome, result } = run;
      if (!asked && before?.outcome === outcome && before.result === result) {
        store.append(rows.end(run));
        store.append(rows.removal({ id: before.id }));
        return;
      }
      const startedAt = isoTime(run.started_at);
      const data = { id, name, startedAt, finishedAt: isoTimeOrNull(run.finished_at), outcome, result };
      await events.commit([rows.end(run)], [{ stationId: null, kind: "background.finished", data }]);
    },
  };
}
