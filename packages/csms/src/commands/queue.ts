import type { Clock } from "@ocpp/core";

/** A command on its way through a queue. */
export interface QueuedCommand {
  readonly stationId: string;
  /** When it is given up if it has not been sent, in milliseconds since 1970. */
  readonly deadlineAt: number;
  /** Whether it waits for a station that is not connected. */
  readonly waits: boolean;
  /** Whether those that are not so go first, however late they come. */
  readonly background: boolean;
  /** Limits how many commands of the same job are on their way at once. */
  readonly lane: CommandLane | undefined;
  /** Sends it; never rejects, and resolves with false where it never left and shall be sent on the next connection. */
  readonly send: () => Promise<boolean>;
  /** Called when it will not be sent. */
  readonly drop: (reason: "Deadline" | "NotConnected" | "Cancelled") => void;
}

/** How many commands may be on their way at once, over all stations. */
export interface CommandLane {
  readonly limit: number;
  running: number;
  /** Stations whose next command waits for its turn. */
  readonly blocked: Set<string>;
}

/**
 * Commands by station: those of one are sent one after the other, in the order in which they came, but for those in the
 * background, which come last.
 */
export interface CommandQueue {
  /** How many wait for a station. */
  waiting(stationId: string): number;
  add(command: QueuedCommand): void;
  /** Takes a command out that has not been sent; whether it was there. */
  cancel(command: QueuedCommand): boolean;
  /** Tries to go on: the station has connected. */
  advance(stationId: string): void;
  /** Drops everything that waits and whatever comes later, as cancelled. */
  clear(): void;
}

interface StationQueue {
  readonly waiting: { readonly command: QueuedCommand; readonly timer: unknown }[];
  sending: boolean;
  /** The connection that took nothing any more; the next one is waited for. */
  exhausted: object | undefined;
}

/** Makes the queue. `connectionOf` gives the connection of a station, as an object of its own for each, where there is one. */
export function createCommandQueue(
  clock: Clock,
  connectionOf: (stationId: string) => object | undefined,
): CommandQueue {
  const queues = new Map<string, StationQueue>();
  let cleared = false;

  const advance = (stationId: string): void => {
    const queue = queues.get(stationId);
    if (queue === undefined || queue.sending) return;
    const connection = connectionOf(stationId);
    const reachable = connection !== undefined && connection !== queue.exhausted;
    if (!reachable) dropImpatient(queue);
    const [next] = queue.waiting;
    if (next === undefined) queues.delete(stationId);
    else if (reachable) start(stationId, queue, next.command, connection);
  };

  /** Drops those that do not wait for the station to come back. */
  const dropImpatient = (queue: StationQueue): void => {
    for (const { command } of queue.waiting.filter((entry) => !entry.command.waits)) {
      take(queue, command);
      command.drop("NotConnected");
    }
  };

  const take = (queue: StationQueue, command: QueuedCommand): boolean => {
    const index = queue.waiting.findIndex((entry) => entry.command === command);
    const [taken] = index === -1 ? [] : queue.waiting.splice(index, 1);
    clock.clearTimer(taken?.timer);
    return taken !== undefined;
  };

  const start = (stationId: string, queue: StationQueue, command: QueuedCommand, connection: object): void => {
    const { lane } = command;
    if (lane !== undefined && lane.running >= lane.limit) {
      lane.blocked.add(stationId);
      return;
    }
    if (lane !== undefined) lane.running += 1;
    take(queue, command);
    queue.sending = true;
    void command.send().then((left) => {
      queue.sending = false;
      if (!left) {
        queue.exhausted = connection;
        put(queue, command, "first");
      }
      if (lane !== undefined) leave(lane);
      advance(stationId);
    });
  };

  const leave = (lane: CommandLane): void => {
    lane.running -= 1;
    for (const stationId of lane.blocked) {
      if (lane.running >= lane.limit) return;
      lane.blocked.delete(stationId);
      advance(stationId);
    }
  };

  /** Where a command stands that has just come. */
  const placeOf = ({ waiting }: StationQueue, { background }: QueuedCommand): number => {
    const behind = background ? -1 : waiting.findIndex((entry) => entry.command.background);
    return behind === -1 ? waiting.length : behind;
  };

  const put = (queue: StationQueue, command: QueuedCommand, where: "first" | "last"): void => {
    if (cleared) {
      command.drop("Cancelled");
      return;
    }
    const timer = clock.setTimer(
      () => {
        if (take(queue, command)) command.drop("Deadline");
        // What stands behind it may be held by nothing else.
        advance(command.stationId);
      },
      Math.max(0, command.deadlineAt - clock.now()),
    );
    queue.waiting.splice(where === "first" ? 0 : placeOf(queue, command), 0, { command, timer });
  };

  return {
    waiting: (stationId) => queues.get(stationId)?.waiting.length ?? 0,
    add: (command) => {
      const { stationId } = command;
      const queue = queues.get(stationId) ?? { waiting: [], sending: false, exhausted: undefined };
      queues.set(stationId, queue);
      put(queue, command, "last");
      advance(stationId);
    },
    cancel: (command) => {
      const queue = queues.get(command.stationId);
      if (queue === undefined || !take(queue, command)) return false;
      command.drop("Cancelled");
      advance(command.stationId);
      return true;
    },
    advance,
    clear: () => {
      cleared = true;
      for (const queue of queues.values()) {
        for (const { command } of queue.waiting.slice()) {
          take(queue, command);
          command.drop("Cancelled");
        }
      }
    },
  };
}
