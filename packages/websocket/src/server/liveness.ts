import type { Clock } from "@ocpp/core";
import type { PingOptions } from "../ping-options.ts";
import { closeCode } from "./close-code.ts";

/** When a connection counts as dead or unused. Times are in milliseconds. */
export interface LivenessOptions {
  /** How dead connections are found; `false` to do without. */
  readonly ping?: false | PingOptions;
  /** How long a station may stay without sending any message; for ever unless given. Pings and pongs do not count. */
  readonly idleTimeout?: number;
}

/** What is watched of a connection; ticks are those of the `Liveness`. */
export interface WatchedConnection {
  readonly arrival: number;
  heard: number;
  readonly messaged: number;
  readonly pinged: number;
  readonly deadline: number;
  ping(): void;
  end(code: number, reason: string): void;
  cut(code: number, reason: string): void;
}

/** Milliseconds that the other side has for the closing handshake. */
export const closingTime = 5_000;

/** The longest step, and the shortest. */
const longestStep = 1_000;
const shortestStep = 10;

/**
 * Watches over all connections of a server with one timer, which runs only while there are any: pings those that were
 * quiet, cuts those that do not answer and those whose closing handshake takes too long. Time is counted in steps, a
 * quarter of the shortest of the times and a second at most, so everything happens up to a step late.
 */
export class Liveness {
  /** Counts the steps. */
  tick = 1;
  readonly closingTicks: number;
  readonly #clock: Clock;
  readonly #connections: ReadonlySet<WatchedConnection>;
  readonly #step: number;
  readonly #interval: number;
  readonly #timeout: number;
  readonly #idle: number;
  #timer: unknown;

  constructor(clock: Clock, connections: ReadonlySet<WatchedConnection>, options: LivenessOptions) {
    const { ping, idleTimeout = Infinity } = options;
    const { interval = 30_000, timeout = 20_000 } = ping === false ? { interval: Infinity } : (ping ?? {});
    for (const time of [interval, timeout, idleTimeout]) {
      if (!(time > 0)) throw new RangeError(`${time} is no time: ping intervals and timeouts must be above 0`);
    }
    const shortest = Math.min(interval, timeout, idleTimeout) / 4;
    this.#step = Math.max(shortestStep, Math.min(longestStep, shortest));
    this.#clock = clock;
    this.#connections = connections;
    this.#interval = this.#ticks(interval);
    this.#timeout = this.#ticks(timeout);
    this.#idle = this.#ticks(idleTimeout);
    this.closingTicks = this.#ticks(closingTime);
  }

  /** To be called when a connection has come. `arrival` spreads the first pings, so that not all are sent in one step. */
  watch(connection: WatchedConnection): void {
    if (this.#interval !== Infinity) connection.heard -= connection.arrival % this.#interval;
    if (this.#timer === undefined) this.#wait();
  }

  #ticks(time: number): number {
    return Math.ceil(time / this.#step);
  }

  #wait(): void {
    this.#timer = this.#clock.setTimer(() => {
      this.tick += 1;
      for (const connection of this.#connections) this.#look(connection);
      this.#timer = undefined;
      if (this.#connections.size > 0) this.#wait();
    }, this.#step);
  }

  /** To be called when a connection has gone. */
  rest(): void {
    if (this.#connections.size > 0) return;
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #look(connection: WatchedConnection): void {
    const { tick } = this;
    if (connection.deadline !== 0) {
      if (tick >= connection.deadline) connection.cut(closeCode.lost, "The closing handshake was not answered");
    } else if (connection.pinged !== 0) {
      if (tick - connection.pinged >= this.#timeout) {
        connection.cut(closeCode.unresponsive, "The station does not answer pings");
      }
    } else if (tick - connection.messaged >= this.#idle) {
      connection.end(closeCode.idle, "No message for too long");
    } else if (tick - connection.heard >= this.#interval) {
      connection.ping();
    }
  }
}
