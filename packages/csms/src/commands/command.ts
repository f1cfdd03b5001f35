import type { WriteQuery } from "../store/store.ts";

/** How a command is given. */
export interface CommandOptions {
  /** Who asks: the name of an API key, or of a part of the CSMS. */
  readonly requestedBy: string;
  /** Milliseconds from sending to the answer; the configured ones unless given. */
  readonly timeout?: number | undefined;
  /** Milliseconds that the command may wait in the queue; the configured ones unless given. */
  readonly deadline?: number | undefined;
  /** What happens while the station is not connected: `fail` at once (the default), or `wait` until the deadline. */
  readonly offline?: "fail" | "wait" | undefined;
  /** Whether commands that are not so go first, however late they come. */
  readonly background?: boolean | undefined;
  /** Whether the caller keeps by itself what the command begins: a reservation, a remote start, a requested stop. */
  readonly booked?: boolean | undefined;
  /** What the command begins, committed with its record: before it is sent, and not at all where it is not taken on. */
  readonly writes?: readonly WriteQuery[] | undefined;
  /** Why a transaction is to be stopped; recorded with it, once the station has accepted to stop it. */
  readonly reason?: string | undefined;
  /** The unique id, and message id; a new UUID unless given. */
  readonly id?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How a command ended. `error` has the code of the CALLERROR as the station wrote it in 2.x spelling, or one of
 * `NotConnected`, `Timeout`, `Deadline`, `QueueFull`, `Cancelled`, `ConnectionLost`, `InvalidResponse`, and, where things
 * changed while it waited, `NotAccepted` and `InvalidRequest`. `Interrupted` stands in the record of one that the CSMS
 * did not survive.
 */
export type CommandOutcome =
  | { readonly id: string; readonly state: "completed"; readonly result: unknown }
  | { readonly id: string; readonly state: "error"; readonly code: string; readonly description: string };

/** Why a command failed. */
export interface CommandFailure {
  readonly code: string;
  readonly description: string;
}

/** A command that was accepted, and its end. */
export interface Command {
  readonly id: string;
  /** Never rejects. */
  readonly outcome: Promise<CommandOutcome>;
}
