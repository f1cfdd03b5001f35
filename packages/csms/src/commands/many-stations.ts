import type { Infrastructure } from "../infrastructure.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import { createStationRepository } from "../stations/repository/stations.ts";
import type { JobRow } from "../store/tables/commands.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { commandRejection } from "./admission.ts";
import type { CommandFailure, CommandOptions, CommandOutcome } from "./command.ts";
import type { CommandLane, CommandQueue, QueuedCommand } from "./queue.ts";
import type { CommandCounts, CommandQueries, CommandRecords, NewCommand } from "./repository.ts";
import type { CommandRun } from "./run.ts";

/** Commands to many stations. */
export interface CommandJobs {
  start(stationIds: readonly string[], action: string, payload: unknown, options: CommandOptions): Promise<JobRow>;
  readonly cancel: (id: number) => Promise<void>;
  get(id: number): Promise<{ readonly job: JobRow; readonly counts: CommandCounts } | undefined>;
}

/** What jobs are made of. */
export interface JobParts {
  readonly records: CommandRecords;
  readonly queries: CommandQueries;
  readonly queue: CommandQueue;
  readonly prepare: CommandRun["prepare"];
  readonly makeCommand: (
    stationId: string,
    action: string,
    payload: unknown,
    options: CommandOptions,
    jobId: number,
  ) => NewCommand;
  readonly queueRejection: (stationId: string, options: CommandOptions) => CommandFailure | undefined;
  /** Whether the registration of a station limits what it is sent. */
  readonly gated: boolean;
  readonly systemLog: SystemLog;
}

/** How many commands of a job are on their way at once. */
const parallel = 25;

/** How many characters the payloads of a job have at most, all of its commands together: they are persisted in one commit. */
const longestJob = 67_108_864;

/** Makes the jobs. */
export function createCommandJobs({ store, events, clock }: Infrastructure, parts: JobParts): CommandJobs {
  const { records, queries, queue, prepare, makeCommand, queueRejection, gated, systemLog } = parts;
  const stations = createStationRepository(store);
  /** What has not been sent of the jobs that run. */
  const running = new Map<number, Set<QueuedCommand>>();

  const rowsOf = async (ids: readonly string[]): Promise<Map<string, StationRow>> =>
    new Map((await stations.many(ids)).map((row) => [row.id, row]));

  const failureFor = (
    station: StationRow,
    action: string,
    payload: unknown,
    options: CommandOptions,
  ): CommandFailure | undefined =>
    commandRejection({ station, protocol: station.protocol, gated }, action, payload) ??
    queueRejection(station.id, options);

  const finish = (job: JobRow, outcomes: readonly CommandOutcome[]): void => {
    running.delete(job.id);
    const completed = outcomes.filter(({ state }) => state === "completed").length;
    const data = { id: job.id, action: job.action, total: job.total, completed, failed: job.total - completed };
    events.append({ stationId: null, kind: "job.finished", data });
    systemLog.write(
      "INFO",
      "System",
      `Job ${job.id}, ${job.action}: ${completed} of ${job.total} stations have answered`,
    );
  };

  return {
    start: async (stationIds, action, payload, options) => {
      const ids = Array.from(new Set(stationIds));
      if (ids.length === 0) throw new InvalidRequestError("A job needs one station at least");
      const text = JSON.stringify(payload) ?? "null";
      if (text.length * ids.length > longestJob) {
        throw new InvalidRequestError(
          `The payload is too long for ${ids.length} stations at once: take at most ${Math.floor(longestJob / text.length)}`,
        );
      }
      const rows = await rowsOf(ids);
      const missing = ids.filter((id) => !rows.has(id));
      if (missing.length > 0) {
        throw new NotFoundError(
          `There is no station ${missing
            .slice(0, 5)
            .map((id) => JSON.stringify(id))
            .join(", ")}`,
        );
      }
      const job: JobRow = {
        id: store.nextId(),
        action,
        payload: text,
        total: ids.length,
        requested_by: options.requestedBy,
        created_at: clock.now(),
        cancelled: 0,
      };
      const commands = Array.from(rows.values(), (row) => ({
        command: makeCommand(row.id, action, payload, { ...options, id: undefined }, job.id),
        failure: failureFor(row, action, payload, options),
      }));
      const [first] = commands;
      if (first?.failure !== undefined && commands.every(({ failure }) => failure?.code === "InvalidRequest")) {
        throw new InvalidRequestError(first.failure.description);
      }
      await records.addJob(job, commands);
      const lane: CommandLane = { limit: parallel, running: 0, blocked: new Set() };
      const unsent = new Set<QueuedCommand>();
      running.set(job.id, unsent);
      const outcomes = commands.map(async ({ command, failure }): Promise<CommandOutcome> => {
        if (failure !== undefined) return { id: command.id, state: "error", ...failure };
        const { entry, outcome } = prepare(command, options, lane);
        unsent.add(entry);
        void outcome.then(() => unsent.delete(entry));
        return outcome;
      });
      for (const entry of Array.from(unsent)) queue.add(entry);
      void Promise.all(outcomes).then((ended) => {
        finish(job, ended);
      });
      return { ...job };
    },
    cancel: async (id) => {
      const [changed] = await store.write(queries.jobCancellation(id));
      if (changed === 0) throw new NotFoundError(`There is no job ${id}`);
      for (const entry of Array.from(running.get(id) ?? [])) queue.cancel(entry);
    },
    get: (id) => queries.job(id),
  };
}
