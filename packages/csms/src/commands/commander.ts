import type { Infrastructure } from "../infrastructure.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import type { StationConnections } from "../stations/connections.ts";
import type { StationRegistry } from "../stations/registry.ts";
import type { CommandRow, JobRow } from "../store/tables/commands.ts";
import { commandRejection } from "./admission.ts";
import type { CommandBooks } from "./books.ts";
import type { Command, CommandFailure, CommandOptions, CommandOutcome } from "./command.ts";
import { createCommandJobs } from "./many-stations.ts";
import { createCommandQueue } from "./queue.ts";
import { createCommandQueries, createCommandRecords, type NewCommand } from "./repository.ts";
import { type CommandRun, createCommandRun, type PreparedCommand } from "./run.ts";

/**
 * Sends commands to stations: each is checked by its schema, sent as it was given, one at a time for each station, and
 * kept with its state by its unique id.
 */
export interface Commander {
  /**
   * Takes a command on, and resolves when its record is durable. Rejects with an InvalidRequestError where the action is not
   * one that a CSMS sends in the station's version, or the payload does not fit its schema, and with a NotFoundError for
   * an unknown station, and a ConflictError where the station's registration forbids it or the id was given out before. An action or payload for a station that has never connected is checked against all versions.
   */
  submit(stationId: string, action: string, payload: unknown, options: CommandOptions): Promise<Command>;
  /** `submit`, and the outcome. */
  call(stationId: string, action: string, payload: unknown, options: CommandOptions): Promise<CommandOutcome>;
  /**
   * Gives up on a command that waits to be sent, or for its answer; what was sent may still be done by the station. Resolves
   * with whether that ended it: false where it has ended already, or is not known to this process.
   */
  cancel(id: string): Promise<boolean>;
  /** One command to many stations, a few at a time. Resolves when the job and its commands are durable. */
  startJob(stationIds: readonly string[], action: string, payload: unknown, options: CommandOptions): Promise<JobRow>;
  /** Gives up on the commands of a job that have not been sent. */
  cancelJob(id: number): Promise<void>;
  job(
    id: number,
  ): Promise<{ readonly job: JobRow; readonly counts: Readonly<Record<CommandRow["state"], number>> } | undefined>;
  get(id: string): Promise<CommandRow | undefined>;
  /** Records what commands begin from now on, but for those that are `booked`. */
  keepBooks(books: CommandBooks): void;
  /** Stops taking commands and waits for those under way, at most so many milliseconds. */
  close(timeout: number): Promise<void>;
}

/** Makes the commander. Commands that an earlier process left unfinished are ended first. */
export function createCommander(
  infrastructure: Infrastructure,
  connections: StationConnections,
  stations: StationRegistry,
  systemLog: SystemLog,
): Commander {
  const { clock, configuration, store } = infrastructure;
  const records = createCommandRecords(infrastructure);
  const queries = createCommandQueries(store);
  const queue = createCommandQueue(clock, (stationId) => connections.of(stationId));
  const run = createCommandRun(infrastructure, { connections, stations, records });
  const gated = configuration.stations.bootGate === "strict";
  /** Ends what was left over; commands wait for it. */
  const ready = records.interrupt().catch((error: unknown) => {
    infrastructure.log.error({ error }, "Commands of an earlier process could not be ended");
  });
  /** How many commands of a station are being persisted and will then wait. */
  const pendingInserts = new Map<string, number>();
  /** The commands that have not ended, by their ids. */
  const open = new Map<string, { readonly cancel: () => void; readonly outcome: Promise<CommandOutcome> }>();
  let closed = false;
  const removeListener = connections.onAdded(({ stationId }) => {
    queue.advance(stationId);
  });

  const makeCommand = (
    stationId: string,
    action: string,
    payload: unknown,
    options: CommandOptions,
    jobId: number | null,
  ): NewCommand => {
    const now = clock.now();
    return {
      id: options.id ?? clock.messageId(),
      station_id: stationId,
      action,
      payload,
      job_id: jobId,
      requested_by: options.requestedBy,
      created_at: now,
      // Whole milliseconds: the column takes nothing else.
      deadline_at: now + Math.round(options.deadline ?? configuration.commands.deadline * 1_000),
    };
  };

  /** Prepares a command, which can be cancelled from then on. */
  const prepare: CommandRun["prepare"] = (command, ...more): PreparedCommand => {
    const prepared = run.prepare(command, ...more);
    const cancel = (): void => {
      if (!queue.cancel(prepared.entry)) prepared.abort();
    };
    open.set(command.id, { cancel, outcome: prepared.outcome });
    void prepared.outcome.then(() => open.delete(command.id));
    return prepared;
  };

  /** Why a command cannot be queued now. */
  const queueRejection = (stationId: string, { offline = "fail" }: CommandOptions): CommandFailure | undefined => {
    if (queue.waiting(stationId) + (pendingInserts.get(stationId) ?? 0) >= configuration.commands.queueLimit) {
      return { code: "QueueFull", description: "Too many commands wait for the station" };
    }
    if (offline === "fail" && connections.of(stationId) === undefined) {
      return { code: "NotConnected", description: "The station is not connected" };
    }
    return undefined;
  };

  const checkOpen = (): void => {
    if (closed) throw new ConflictError("The CSMS is closing");
  };

  const submit = async (
    stationId: string,
    action: string,
    payload: unknown,
    options: CommandOptions,
  ): Promise<Command> => {
    await ready;
    checkOpen();
    if (options.id !== undefined && !/^[\x21-\x7e]{1,36}$/.test(options.id)) {
      throw new InvalidRequestError("The id of a command has 1 to 36 printable characters");
    }
    const row = stations.live(stationId) ?? (await stations.get(stationId));
    if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(stationId)}`);
    const connection = connections.of(stationId);
    const admission = { station: row, protocol: connection?.protocol ?? row.protocol, gated, connection };
    const rejection = commandRejection(admission, action, payload);
    if (rejection?.code === "InvalidRequest") throw new InvalidRequestError(rejection.description);
    if (rejection !== undefined) throw new ConflictError(rejection.description);

    const command = makeCommand(stationId, action, payload, options, null);
    const failure = queueRejection(stationId, options);
    if (failure !== undefined) {
      await records.add(command, failure, options.writes);
      return { id: command.id, outcome: Promise.resolve({ id: command.id, state: "error", ...failure }) };
    }
    pendingInserts.set(stationId, (pendingInserts.get(stationId) ?? 0) + 1);
    try {
      await records.add(command, undefined, options.writes);
    } finally {
      const left = (pendingInserts.get(stationId) ?? 1) - 1;
      if (left === 0) pendingInserts.delete(stationId);
      else pendingInserts.set(stationId, left);
    }
    const { entry, outcome } = prepare(command, options, undefined, admission);
    queue.add(entry);
    const { signal } = options;
    if (signal !== undefined) {
      const cancel = (): void => {
        open.get(command.id)?.cancel();
      };
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
      void outcome.then(() => {
        signal.removeEventListener("abort", cancel);
      });
    }
    if (closed) queue.cancel(entry);
    return { id: command.id, outcome };
  };

  const jobs = createCommandJobs(infrastructure, {
    records,
    queries,
    queue,
    prepare,
    makeCommand,
    queueRejection,
    gated,
    systemLog,
  });

  return {
    submit,
    call: async (stationId, action, payload, options) => (await submit(stationId, action, payload, options)).outcome,
    cancel: async (id) => {
      const found = open.get(id);
      if (found === undefined) return false;
      found.cancel();
      const outcome = await found.outcome;
      return outcome.state === "error" && outcome.code === "Cancelled";
    },
    startJob: async (stationIds, action, payload, options) => {
      await ready;
      checkOpen();
      return jobs.start(stationIds, action, payload, options);
    },
    cancelJob: jobs.cancel,
    job: (id) => jobs.get(id),
    keepBooks: run.keepBooks,
    get: (id) => queries.get(id),
    close: async (timeout) => {
      closed = true;
      removeListener();
      queue.clear();
      await ready;
      await run.close(timeout);
    },
  };
}
