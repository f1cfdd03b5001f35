import type { Command } from "../command.ts";

/** The commands that were given through REST and have not ended, so that they can be cancelled. */
export interface CommandCancellations {
  /** Remembers a command until it ends. */
  add(command: Command, cancellation: AbortController): void;
  /** Cancels a command; whether it was there to be cancelled. */
  cancel(id: string): Promise<boolean>;
}

/** Makes the memory of commands that can be cancelled. */
export function createCommandCancellations(): CommandCancellations {
  const open = new Map<string, { readonly command: Command; readonly cancellation: AbortController }>();
  return {
    add: (command, cancellation) => {
      open.set(command.id, { command, cancellation });
      void command.outcome.then(() => open.delete(command.id));
    },
    cancel: async (id) => {
      const found = open.get(id);
      if (found === undefined) return false;
      found.cancellation.abort();
      const outcome = await found.command.outcome;
      return outcome.state === "error" && outcome.code === "Cancelled";
    },
  };
}
