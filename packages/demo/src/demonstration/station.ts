import type { Endpoint, Protocol } from "@ocpp/core";
import type { Scenario } from "./step.ts";

/** The versions of the demonstration, in the order in which they are shown. */
export const versions = ["1.6", "2.0.1", "2.1"] as const;

/** A version of OCPP as its users write it. */
export type Version = (typeof versions)[number];

/** A station of the demonstration: who it is, how it answers the CSMS, and what it goes through. */
export interface DemoStation {
  readonly version: Version;
  readonly identity: string;
  readonly password: string;
  readonly endpoint: Endpoint<Protocol, "station">;
  readonly scenarios: readonly Scenario[];
}

/**
 * What a station's handler leaves for after its response: the steps that follow the call. Handlers give it to
 * `context.afterResponse`.
 */
export type FollowUp = () => Promise<void>;

/** The driver's card. */
export const driver = "04E91C5A2B3D80";

/** The time, as OCPP writes it. */
export function now(): string {
  return new Date().toISOString();
}
