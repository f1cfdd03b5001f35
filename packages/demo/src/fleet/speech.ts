import type { Outlet } from "./outlet.ts";

/** What a CSMS may ask of a station of the fleet, whatever its version. */
export interface Duties {
  /** Starts a charge, at any free outlet where none is named; whether there is one. */
  start(token: string, remoteStartId: number | undefined, outlet: number | undefined): boolean;
  /** Stops a charge by its transaction; whether it runs. */
  stop(transactionId: string): boolean;
  /** Whether a transaction runs. */
  runs(transactionId: string | undefined): boolean;
  /** Ends all charges and boots again. */
  reset(): void;
  /** Ends the charge at an outlet, if any, and lets go of the cable; whether there is such an outlet. */
  unlock(outlet: number): boolean;
  /** Sends a message that was asked for; whether the station knows it. */
  trigger(message: string, outlet: number | undefined): boolean;
  /** Takes all outlets out of service, or back into it. */
  serve(operative: boolean): void;
  /** The settings of the station by name. */
  readonly settings: Map<string, string>;
}

/** Why a charge ends. */
export type StopReason = "Local" | "Remote" | "UnlockCommand" | "Reset";

/** What a station of the fleet says, in the words of one version. Each resolves when the CSMS has answered. */
export interface Speech {
  boot(reason: "PowerUp" | "RemoteReset"): Promise<{ readonly accepted: boolean; readonly interval: number }>;
  heartbeat(): Promise<void>;
  status(outlet: number, status: "Available" | "Occupied" | "Unavailable"): Promise<void>;
  authorize(token: string): Promise<boolean>;
  /** Tells of a start; the transaction's id, or nothing where the CSMS does not want it. */
  started(outlet: Outlet, token: string, remoteStartId: number | undefined): Promise<string | undefined>;
  metered(outlet: Outlet): Promise<void>;
  stopped(outlet: Outlet, reason: StopReason): Promise<void>;
}

/** The time, as OCPP writes it. */
export function now(): string {
  return new Date().toISOString();
}
