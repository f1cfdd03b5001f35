import type { NewEvent } from "../events/events.ts";
import type { EventData } from "../events/kinds.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { maskFrame } from "../observability/secret-mask.ts";
import { ConflictError } from "../shared/service-error.ts";
import { storableText } from "../shared/storable-text.ts";
import type { Store, Write, WriteQuery } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { CommandRow, JobRow } from "../store/tables/commands.ts";
import type { CommandFailure, CommandOutcome } from "./command.ts";

/** What is stored of a command when it is new. */
export type NewCommand = Pick<
  CommandRow,
  "id" | "station_id" | "action" | "job_id" | "requested_by" | "created_at" | "deadline_at"
> & { readonly payload: unknown };

/** The records of commands. Payloads and results are stored with their secrets masked. */
export interface CommandRecords {
  /** Persists a command as new, or as one that has failed already, with other writes. Durable when it resolves. */
  add(command: NewCommand, failure: CommandFailure | undefined, writes?: readonly WriteQuery[]): Promise<void>;
  /** Records a job with its commands, some of which may have failed already. */
  addJob(
    job: JobRow,
    commands: readonly { readonly command: NewCommand; readonly failure?: CommandFailure | undefined }[],
  ): Promise<void>;
  /** Notes that the command is on its way; the caller does not wait. */
  sent(command: NewCommand): void;
  /** Notes that an answer is here; the caller does not wait. */
  received(command: NewCommand): void;
  /** Records how the command ended. Durable when it resolves. */
  ended(command: NewCommand, outcome: CommandOutcome): Promise<void>;
  /** Ends what an earlier process has left unfinished: it is not known whether the station got it. */
  interrupt(): Promise<void>;
}

/** The states of a command that has not ended. */
const underWay = ["new", "sent", "received"] as const;
/** The longest description that is stored. */
const longestDescription = 1_000;

/** Makes the records. */
export function createCommandRecords({ store, events, clock, metrics }: Infrastructure): CommandRecords {
  const insert = store.prepare<CommandRow>((db, row) => db.insertInto("commands").values(row));
  const patch = store.prepare<Pick<CommandRow, "id"> & Partial<CommandRow>>((db, { id, ...fields }) =>
    db.updateTable("commands").set(fields).where("id", "=", id),
  );

  const insertion = ({ payload, ...command }: NewCommand, failure: CommandFailure | undefined): Write =>
    insert({
      ...command,
      seq: store.nextId(),
      payload: maskFrame(JSON.stringify(payload)),
      state: failure === undefined ? "new" : "error",
      result: null,
      error_code: failure?.code ?? null,
      error_description: failure?.description.slice(0, longestDescription) ?? null,
      sent_at: null,
      received_at: null,
      completed_at: failure === undefined ? null : clock.now(),
    });

  /** What every event of a command carries. */
  const facts = ({ id, action, job_id, requested_by }: NewCommand): EventData<"command.new"> => ({
    id,
    action,
    requestedBy: requested_by,
    ...(job_id === null ? {} : { jobId: job_id }),
  });

  const event = (kind: "command.new" | "command.sent" | "command.completed", command: NewCommand): NewEvent => ({
    stationId: command.station_id,
    kind,
    data: facts(command),
  });

  const failed = (command: NewCommand, { code, description }: CommandFailure): NewEvent => ({
    stationId: command.station_id,
    kind: "command.failed",
    data: { ...facts(command), errorCode: code, errorDescription: description },
  });

  const beginning = (command: NewCommand, failure: CommandFailure | undefined): NewEvent => {
    if (failure === undefined) return event("command.new", command);
    metrics.command(failure.code);
    return failed(command, failure);
  };

  return {
    add: async (command, failure, writes = []) => {
      try {
        await events.commit([insertion(command, failure), ...writes], [beginning(command, failure)]);
      } catch (error) {
        if (error instanceof StoreError && error.code === "constraint") {
          throw new ConflictError("There is a command with this id already");
        }
        throw error;
      }
    },
    addJob: async (job, commands) => {
      const { id, action, total, requested_by } = job;
      await events.commit(
        [
          store.reader.insertInto("jobs").values({ ...job, payload: maskFrame(job.payload) }),
          ...commands.map(({ command, failure }) => insertion(command, failure)),
        ],
        [
          { stationId: null, kind: "job.started", data: { id, action, total, requestedBy: requested_by } },
          ...commands.map(({ command, failure }) => beginning(command, failure)),
        ],
      );
    },
    sent: (command) => {
      store.append(patch({ id: command.id, state: "sent", sent_at: clock.now() }));
      events.append(event("command.sent", command));
    },
    received: ({ id }) => {
      store.append(patch({ id, state: "received", received_at: clock.now() }));
    },
    ended: async (command, outcome) => {
      const completed_at = clock.now();
      const { id } = command;
      metrics.command(outcome.state === "completed" ? "completed" : outcome.code);
      if (outcome.state === "completed") {
        const result = outcome.result === undefined ? null : maskFrame(JSON.stringify(outcome.result));
        await events.commit(
          [patch({ id, state: "completed", result, completed_at })],
          [event("command.completed", command)],
        );
        return;
      }
      const failure = {
        error_code: storableText(outcome.code),
        error_description: storableText(outcome.description.slice(0, longestDescription)),
      };
      await events.commit(
        [patch({ id, state: "error", ...failure, completed_at })],
        [failed(command, { code: failure.error_code, description: failure.error_description })],
      );
    },
    interrupt: async () => {
      const description = "The CSMS was stopped before the command had come to its end";
      await store.write(
        store.reader
          .updateTable("commands")
          .set({ state: "error", error_code: "Interrupted", error_description: description, completed_at: clock.now() })
          .where("state", "in", underWay),
      );
    },
  };
}

/** How many commands of a job are in each state. */
export type CommandCounts = Record<CommandRow["state"], number>;

/** What is read of commands and jobs. */
export interface CommandQueries {
  get(id: string): Promise<CommandRow | undefined>;
  /** A job, and how far its commands are. */
  job(id: number): Promise<{ readonly job: JobRow; readonly counts: CommandCounts } | undefined>;
  /** The write that cancels a job. */
  jobCancellation(id: number): WriteQuery;
  /** Commands under way whose deadline was before a time, `limit` at most. */
  overdue(before: number, limit: number): Promise<CommandRow[]>;
  /** The write that ends those of some commands that are still under way. */
  interruption(ids: readonly string[], description: string, now: number): WriteQuery;
  /** The newest commands of a station that were answered, of some actions, the newest first. */
  answered(
    stationId: string,
    actions: readonly string[],
    limit: number,
  ): Promise<Pick<CommandRow, "action" | "payload" | "result">[]>;
}

/** Makes the queries over a store. */
export function createCommandQueries({ reader }: Pick<Store, "reader">): CommandQueries {
  return {
    get: (id) => reader.selectFrom("commands").selectAll().where("id", "=", id).executeTakeFirst(),
    job: async (id) => {
      const job = await reader.selectFrom("jobs").selectAll().where("id", "=", id).executeTakeFirst();
      if (job === undefined) return undefined;
      const counted = await reader
        .selectFrom("commands")
        .select((select) => ["state", select.fn.countAll<number>().as("count")])
        .where("job_id", "=", id)
        .groupBy("state")
        .execute();
      const counts = { new: 0, sent: 0, received: 0, completed: 0, error: 0 };
      for (const { state, count } of counted) counts[state] = count;
      return { job, counts };
    },
    jobCancellation: (id) => reader.updateTable("jobs").set({ cancelled: 1 }).where("id", "=", id),
    overdue: (before, limit) =>
      reader
        .selectFrom("commands")
        .selectAll()
        .where("state", "in", underWay)
        .where("deadline_at", "<", before)
        .limit(limit)
        .execute(),
    interruption: (ids, description, now) =>
      reader
        .updateTable("commands")
        .set({ state: "error", error_code: "Interrupted", error_description: description, completed_at: now })
        .where("state", "in", underWay)
        .where("id", "in", ids),
    answered: (stationId, actions, limit) =>
      reader
        .selectFrom("commands")
        .select(["action", "payload", "result"])
        .where("station_id", "=", stationId)
        .where("action", "in", actions)
        .where("state", "=", "completed")
        .orderBy("seq", "desc")
        .limit(limit)
        .execute(),
  };
}
