import { OcppError } from "@ocpp/core";
import type { Infrastructure } from "../infrastructure.ts";
import { ConflictError } from "../shared/service-error.ts";
import type { StationConnection, StationConnections } from "../stations/connections.ts";
import { limitsInVariables, readLimits } from "../stations/message-limits.ts";
import type { StationRegistry } from "../stations/registry.ts";
import { commandRefusal } from "./admission.ts";
import type { CommandBooks } from "./books.ts";
import { checkCommand } from "./check.ts";
import type { CommandOptions, CommandOutcome } from "./command.ts";
import { passwordFate, passwordIn } from "./credentials.ts";
import { failureOf } from "./outcome.ts";
import type { CommandLane, QueuedCommand } from "./queue.ts";
import type { CommandFailure, CommandRecords, NewCommand } from "./repository.ts";

/** A command that can be queued, and its end. */
export interface PreparedCommand {
  readonly entry: QueuedCommand;
  /** Never rejects. */
  readonly outcome: Promise<CommandOutcome>;
}

/** Sends commands and writes down how they end. */
export interface CommandRun {
  prepare(command: NewCommand, options: CommandOptions, lane: CommandLane | undefined): PreparedCommand;
  /** See `Commander.keepBooks`. */
  readonly keepBooks: (books: CommandBooks) => void;
  /** Waits for those that are on their way, at most so many milliseconds, and then cuts them off. */
  close(timeout: number): Promise<void>;
}

/** What became of an attempt to send: the answer, a failure, or that it never left. */
type Attempt =
  | { readonly result: unknown }
  | { readonly failure: CommandFailure; readonly error: unknown; readonly left: boolean };

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
  /** What cuts off those that wait for an answer. */
  const cuts = new Set<AbortController>();

  const keep = async (command: NewCommand, outcome: CommandOutcome): Promise<CommandOutcome> => {
    try {
      await records.ended(command, outcome);
    } catch (error) {
      // Whoever waits is told all the same: the station has done what it has done.
      log.error({ commandId: command.id, stationId: command.station_id, error }, "The end of a command was not kept");
    }
    return outcome;
  };

  /** Why the command cannot be sent as things stand by now. */
  const obstacle = async (
    { station_id, action, payload }: NewCommand,
    connection: StationConnection,
  ): Promise<CommandFailure | undefined> => {
    const row = stations.live(station_id) ?? (await stations.get(station_id));
    if (row === undefined) return { code: "NotAccepted", description: "The station was removed" };
    const refusal = gated ? commandRefusal(row, action, payload) : undefined;
    if (refusal !== undefined) return { code: "NotAccepted", description: refusal };
    const problem = checkCommand(connection.protocol, action, payload, readLimits(row.message_limits));
    return problem === undefined ? undefined : { code: "InvalidRequest", description: problem };
  };

  const attempt = async (
    command: NewCommand,
    options: CommandOptions,
    connection: StationConnection,
  ): Promise<Attempt> => {
    const { id, action, payload } = command;
    let left = false;
    const cut = new AbortController();
    cuts.add(cut);
    try {
      const result = await connection.call(action, payload, {
        messageId: id,
        timeout: options.timeout ?? configuration.commands.timeout * 1_000,
        signal: options.signal === undefined ? cut.signal : AbortSignal.any([options.signal, cut.signal]),
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
    } finally {
      cuts.delete(cut);
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
  const perform = async (command: NewCommand, options: CommandOptions): Promise<CommandOutcome | undefined> => {
    const { id, station_id: stationId } = command;
    if (options.booked === true) return transmit(command, options);
    let settle: Awaited<ReturnType<CommandBooks>>;
    try {
      settle = await books(command);
    } catch (error) {
      if (error instanceof ConflictError)
        return { id, state: "error", code: "NotAccepted", description: error.message };
      throw error;
    }
    const outcome = await transmit(command, options);
    try {
      // One that never left is booked anew when it is sent again.
      await settle?.(outcome ?? { id, state: "error", code: "NotConnected", description: dropped.NotConnected });
    } catch (error) {
      log.error({ commandId: id, stationId, error }, "What a command has begun was not kept");
    }
    return outcome;
  };

  /** Sends it; undefined where it never left and may be sent again. */
  const transmit = async (command: NewCommand, options: CommandOptions): Promise<CommandOutcome | undefined> => {
    const { id, station_id, action, payload } = command;
    const connection = connections.of(station_id);
    if (connection === undefined) return undefined;
    const failure = await obstacle(command, connection);
    if (failure !== undefined) return { id, state: "error", ...failure };
    const password = passwordIn(action, payload);
    if (password !== undefined) await stations.stagePassword(station_id, password);
    const made = await attempt(command, options, connection);
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
    prepare: (command, options, lane) => {
      const { id, station_id } = command;
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
        const performed = perform(command, options).catch(
          (error: unknown): CommandOutcome => ({ id, state: "error", ...failureOf(error) }),
        );
        underWay.add(performed);
        const ended = await performed;
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
      return { entry, outcome };
    },
    keepBooks: (kept) => {
      books = kept;
    },
    close: async (timeout) => {
      const cutOff = (): void => {
        for (const cut of cuts) cut.abort(new Error("The CSMS is closing"));
      };
      if (timeout === 0) cutOff();
      const timer = clock.setTimer(cutOff, timeout);
      while (underWay.size > 0) await Promise.allSettled(underWay);
      clock.clearTimer(timer);
    },
  };
}

/** Whether an error came from the station, which then has not changed its password (A01.FR.04). */
function isRefusal(error: unknown): boolean {
  return OcppError.is(error) && error.received;
}
