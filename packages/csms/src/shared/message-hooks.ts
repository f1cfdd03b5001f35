import type { OcppError } from "@ocpp/core";

/** A message of a station, before anything was done with it. */
export interface StationMessage {
  readonly stationId: string;
  readonly protocol: string;
  readonly action: string;
  readonly messageId: string;
  readonly request: unknown;
}

/** What a hook says of a message: it has answered it, it refuses it, or nothing. */
export type HookVerdict = { readonly answer: unknown } | { readonly veto: OcppError } | undefined;

/** Where plug-ins take part in what stations send. The gateway asks before it does anything itself. */
export interface MessageHooks {
  /** False where no hook would be called, so that the gateway need not. */
  readonly wanted: (protocol: string, action: string) => boolean;
  /** Never rejects. */
  before(message: StationMessage): Promise<HookVerdict>;
  /** The answer as it is to be sent, of one that was given. Never rejects. */
  amend(message: StationMessage, answer: unknown): Promise<unknown>;
  /** Called with the answer that was given. Never throws. */
  after(message: StationMessage, answer: unknown): void;
}
