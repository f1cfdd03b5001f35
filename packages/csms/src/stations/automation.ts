import type { Configuration } from "../config/configuration.ts";
import { InvalidRequestError } from "../shared/service-error.ts";
import type { StationRow } from "../store/tables/stations.ts";

/**
 * What the CSMS sends without being asked, by the names of the settings in `automation`:
 * - `afterBoot`: TriggerMessage about EVSEs with open transactions, after a boot was accepted;
 * - `connectionMonitor`: TriggerMessage Heartbeat to a station that is silent;
 * - `lostTransactions`: what finds out whether a transaction still runs (GetTransactionStatus, TriggerMessage);
 * - `meterCollection`, `orphanMonitor`, `statusMonitor`: TriggerMessage of the background service of that name.
 */
export const automations = [
  "afterBoot",
  "connectionMonitor",
  "lostTransactions",
  "meterCollection",
  "orphanMonitor",
  "statusMonitor",
] as const;

/** A name of something that the CSMS sends without being asked. */
export type Automation = (typeof automations)[number];

/** Whether each is on, and whether those are that are not named. */
export type AutomationSwitches = { readonly [name in Automation | "all"]?: "on" | "off" | undefined };

/** Who gives a command: a client, by name, or the CSMS itself, for a purpose that can be switched off. */
export type Requester = string | AutomaticRequester;

/** A part of the CSMS that sends without being asked. */
export interface AutomaticRequester {
  /** How the part is called in the records of commands. */
  readonly by: string;
  readonly automation: Automation;
}

/** Knows what may be sent to a station without being asked. */
export interface AutomationGate {
  allows(station: Pick<StationRow, "automation"> | undefined, name: Automation): boolean;
}

/** Whether an automation is on: what is said of it by name counts before `all`, and the station's word before the general one. */
export function isOn(name: Automation, own: AutomationSwitches, general: Configuration["automation"]): boolean {
  const named = general[name] === "all" ? undefined : general[name];
  return (own[name] ?? own.all ?? named ?? general.all) === "on";
}

/** Makes the gate. */
export function createAutomationGate({ automation }: Configuration): AutomationGate {
  return {
    allows: (station, name) => isOn(name, readSwitches(station?.automation ?? null), automation),
  };
}

/** The switches in the row of a station. */
export function readSwitches(text: string | null): AutomationSwitches {
  return text === null ? {} : (JSON.parse(text) as AutomationSwitches);
}

/** The switches as they stand in a row; null where none is set. Throws an InvalidRequestError for what is none. */
export function writeSwitches(switches: AutomationSwitches): string | null {
  const known = new Set<string>([...automations, "all"]);
  for (const [name, value] of Object.entries(switches)) {
    if (!known.has(name)) {
      throw new InvalidRequestError(
        `There is no automation ${JSON.stringify(name)}; there are: ${[...known].join(", ")}`,
      );
    }
    if (value !== "on" && value !== "off") throw new InvalidRequestError(`automation.${name} must be "on" or "off"`);
  }
  return Object.keys(switches).length === 0 ? null : JSON.stringify(switches);
}
