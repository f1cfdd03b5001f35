import { OcppError } from "@ocpp/core";
import type { Infrastructure } from "../infrastructure.ts";
import { ConflictError } from "../shared/service-error.ts";
import type { StationConnection, StationConnections } from "../stations/connections.ts";
import { limitsInVariables } from "../stations/message-limits.ts";
import type { StationRegistry } from "../stations/registry.ts";
import { type AdmissionFacts, commandRejection } from "./admission.ts";
import type { CommandBooks } from "./books.ts";
import type { CommandFailure, CommandOptions, CommandOutcome } from "./command.ts";
import { passwordFate, passwordIn } from "./credentials.ts";
import { failureOf } from "./outcome.ts";
import type { CommandLane, QueuedCommand } from "./queue.ts";
import type { CommandRecords, NewCommand } from "./repository.ts";

/** A command that can be queued, and its end. */
export interface PreparedCommand {
  readonly entry: QueuedCommand;
  /** Never rejects. */
  readonly outcome: Promise<CommandOutcome>;
  /** Gives up on it where it is on its way, as cancelled: the station may still do it. */
  abort(): void;
}

/** What a command was checked against before it was queued; while both are the same, it need not be checked again. */
export interface Admission extends AdmissionFacts {
  readonly connection: StationConnection | undefined;
}

/** Sends commands and writes down how they end. */
export interface CommandRun {
  prepare(
    command: NewCommand,
    options: CommandOptions,
    lane: CommandLane | undefined,
    admission?: Admission,
  ): PreparedCommand;
  /** See `Commander.keepBooks`. */
  readonly keepBooks: (books: CommandBooks) => void;
  /** Waits for those that are on their way, at most so many milliseconds, and then cuts them off. */
  close(timeout: number): Promise<void>;
}

/** What became of an attempt to send: the answer, a failure, or that it never left. */
type Attempt =
  | { readonly result: unknown }
  | { readonly failure: CommandFailure; readonly error: unknown; readonly left: boolean };

/** A command that is being sent. */
interface Sending {
  readonly command: NewCommand;
  readonly options: CommandOptions;
  readonly abort: AbortController;
  readonly admission: Admission | undefined;
}

const dropped: Readonly<Record<"Deadline" | "NotConnected" | "Cancelled", string>> = {
  Deadline: "The command could not be sent in time",
  NotConnected: "The station is not connected",
  Cancelled: "The command was cancelled before it was sent",
};

/** Makes the run. */
export function createCommandRun(
  { clock, configuration, log }: Infrastructure,
  services: {
    readonly connections: StationConnections;
    readonly stations: StationRegistry;
    readonly records: CommandRecords;
  },
): CommandRun {
  const { connections, stations, records } = services;
  const gated = configuration.stations.bootGate === "strict";
  const underWay = new Set<Promise<unknown>>();
  let books: CommandBooks = async () => undefined;
  /** What gives up on those that are on their way. */
  const aborts = new Set<AbortController>();

  const keep = async (command: NewCommand, outcome: CommandOutcome): Promise<CommandOutcome> => {
    try {
      await records.ended(command, outcome);
    } catch (error) {
      // The caller gets the answer all the same: the station has done what it has done.
      log.error(
        { commandId: command.id, stationId: command.station_id, error },
        "The end of a command was not persisted",
      );
    }
    return outcome;
  };

  /** Why the command cannot be sent any more, where anything has changed since it was queued. */
  const rejectionNow = async (
    { command: { station_id, action, payload }, admission }: Sending,
    connection: StationConnection,
  ): Promise<CommandFailure | undefined> => {
    const station = stations.live(station_id) ?? (await stations.get(station_id));
    if (station === undefined) return { code: "NotAccepted", description: "The station was removed" };
    if (station === admission?.station && connection === admission.connection) return undefined;
    return commandRejection({ station, protocol: connection.protocol, gated }, action, payload);
  };

  const attempt = async ({ command, options, abort }: Sending, connection: StationConnection): Promise<Attempt> => {
    const { id, action, payload } = command;
    let left = false;
    try {
      const result = await connection.call(action, payload, {
        messageId: id,
        timeout: options.timeout ?? configuration.commands.timeout * 1_000,
        signal: abort.signal,
        sent: () => {
          left = true;
          records.sent(command);
        },
      });
      if (connection.unanswered(action)) records.sent(command);
      else records.received(command);
      return { result };
    } catch (error) {
      return { failure: failureOf(error), error, left };
    }
  };

  /** Says which password is in force, where the command carried one (A01). */
  const settlePassword = async ({ station_id, action }: NewCommand, made: Attempt): Promise<void> => {
    const fate =
      "result" in made ? passwordFate(action, made.result) : made.left && !isRefusal(made.error) ? "open" : "refused";
    if (fate === "open") stations.leavePassword(station_id);
    else await stations.settlePassword(station_id, fate === "accepted");
  };

  /** Sends it, with the books kept of what it begins. */
  const perform = async (sending: Sending): Promise<CommandOutcome | undefined> => {
    const { command, options } = sending;
    const { id, station_id: stationId } = command;
    if (options.booked === true) return transmit(sending);
    let settle: Awaited<ReturnType<CommandBooks>>;
    try {
      settle = await books({ ...command, reason: options.reason });
    } catch (error) {
      if (error instanceof ConflictError)
        return { id, state: "error", code: "NotAccepted", description: error.message };
      throw error;
    }
    const outcome = await transmit(sending);
    try {
      // One that never left is booked anew when it is sent again.
      await settle?.(outcome ?? { id, state: "error", code: "NotConnected", description: dropped.NotConnected });
    } catch (error) {
      log.error({ commandId: id, stationId, error }, "What a command has begun was not persisted");
    }
    return outcome;
  };

  /** Sends it; undefined where it never left and may be sent again. */
  const transmit = async (sending: Sending): Promise<CommandOutcome | undefined> => {
    const { command, options, abort } = sending;
    const { id, station_id, action, payload } = command;
    if (abort.signal.aborted) return { id, state: "error", code: "Cancelled", description: dropped.Cancelled };
    const connection = connections.of(station_id);
    if (connection === undefined) return undefined;
    const failure = await rejectionNow(sending, connection);
    if (failure !== undefined) return { id, state: "error", ...failure };
    const password = passwordIn(action, payload);
    if (password !== undefined) await stations.stagePassword(station_id, password);
    const made = await attempt(sending, connection);
    if (password !== undefined) await settlePassword(command, made);
    if ("result" in made) {
      if (action === "GetVariables") await stations.noteLimits(station_id, limitsInVariables(made.result));
      return { id, state: "completed", result: made.result };
    }
    const { code, description } = made.failure;
    const unsent = !made.left && (code === "NotConnected" || code === "ConnectionLost");
    if (unsent && options.offline === "wait") return undefined;
    return { id, state: "error", code: unsent ? "NotConnected" : code, description };
  };

  return {
    prepare: (command, options, lane, admission) => {
      const { id, station_id } = command;
      const abort = new AbortController();
      let resolve: (outcome: CommandOutcome | Promise<CommandOutcome>) => void = () => {};
      const outcome = new Promise<CommandOutcome>((settle) => {
        resolve = settle;
      });
      const finish = async (ended: CommandOutcome): Promise<void> => {
        const kept = keep(command, ended);
        underWay.add(kept);
        resolve(kept);
        await kept;
        underWay.delete(kept);
      };
      const send = async (): Promise<boolean> => {
        aborts.add(abort);
        const performed = perform({ command, options, abort, admission }).catch(
          (error: unknown): CommandOutcome => ({ id, state: "error", ...failureOf(error) }),
        );
        underWay.add(performed);
        const ended = await performed;
        aborts.delete(abort);
        if (ended !== undefined) await finish(ended);
        underWay.delete(performed);
        if (ended === undefined && options.offline !== "wait") {
          await finish({ id, state: "error", code: "NotConnected", description: dropped.NotConnected });
          return true;
        }
        return ended !== undefined;
      };
      const drop = (reason: keyof typeof dropped): void => {
        void finish({ id, state: "error", code: reason, description: dropped[reason] });
      };
      const entry: QueuedCommand = {
        stationId: station_id,
        deadlineAt: command.deadline_at,
        waits: options.offline === "wait",
        background: options.background === true,
        lane,
        send,
        drop,
      };
      return {
        entry,
        outcome,
        abort: () => {
          abort.abort();
        },
      };
    },
    keepBooks: (kept) => {
      books = kept;
    },
    close: async (timeout) => {
      const abortAll = (): void => {
        for (const abort of aborts) abort.abort(new Error("The CSMS is closing"));
      };
      if (timeout === 0) abortAll();
      const timer = clock.setTimer(abortAll, timeout);
      while (underWay.size > 0) await Promise.allSettled(underWay);
      clock.clearTimer(timer);
    },
  };
}

/** Whether an error came from the station, which then has not changed its password (A01.FR.04). */
function isRefusal(error: unknown): boolean {
  return OcppError.is(error) && error.received;
}
