import type { Store, WriteQuery } from "./store.ts";
import type { LogSizeRow } from "./tables/observability.ts";

/** The counter that says up to which row of a log its size is told by `log_sizes`. */
export function measuredCounter(log: LogSizeRow["log"]): string {
  return `${log}-measured`;
}

/** Forgets what is known of the sizes of logs, so that all rows are counted anew: for rows that came in past the counters. */
export function forgetMeasures({ reader }: Store): WriteQuery[] {
  const counters = (["frames", "events"] as const).map(measuredCounter);
  return [reader.deleteFrom("log_sizes"), reader.deleteFrom("counters").where("name", "in", counters)];
}
