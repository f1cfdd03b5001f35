import type { CommandOutcome } from "./command.ts";

/** A command that is about to be sent; its payload fits its schema. */
export interface BookedCommand {
  readonly station_id: string;
  readonly action: string;
  readonly payload: unknown;
  /** Why it was given, where its giver has said so. */
  readonly reason?: string | undefined;
}

/**
 * Records what a command begins, before it is sent, and resolves with what is to be told of its outcome; undefined where the
 * command begins nothing. Rejects with a ConflictError where it contradicts what is stored.
 */
export type CommandBooks = (
  command: BookedCommand,
) => Promise<((outcome: CommandOutcome) => Promise<void>) | undefined>;
