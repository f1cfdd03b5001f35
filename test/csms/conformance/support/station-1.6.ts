import { expect } from "vitest";
import { type Player, play } from "./player.ts";
import type { RunningCsms } from "./running-csms.ts";
import type { ToldTransaction } from "./station-201.ts";

/** The time, as OCPP writes it. */
export const now = (): string => new Date().toISOString();

/** A BootNotification. */
export const boot = { chargePointVendor: "Acme", chargePointModel: "Old" } as const;

/** Enters the tags of the cases, as an operator does. */
export async function enterTags({ operator }: RunningCsms): Promise<void> {
  await operator.put("/api/v1/tokens/TAG1", { groupId: "FAMILY" });
  await operator.put("/api/v1/tokens/TAG2", { groupId: "FAMILY" });
  await operator.put("/api/v1/tokens/BLOCKED", { status: "Blocked" });
  await operator.put("/api/v1/tokens/OLD", { expiresAt: "2020-01-01T00:00:00Z" });
  await operator.put("/api/v1/tokens/ONCE", { maxActive: 1 });
}

/** Makes stations of 1.6, each of its own identity; they have booted unless told otherwise. */
export type StationSource = (settings?: object, booted?: boolean) => Promise<Player>;

/** Numbers the stations of a run. */
export function stationSource(csms: RunningCsms): StationSource {
  let count = 0;
  return async (settings = {}, booted = true) => {
    count += 1;
    const identity = `CP16-${count}`;
    await csms.addStation(identity, settings);
    const cp = await play({ url: csms.url, identity, protocol: "ocpp1.6" });
    if (booted) expect(await cp.say("BootNotification", boot)).toMatchObject({ status: "Accepted" });
    return cp;
  };
}

/** Starts a transaction at connector 1. */
export async function start(cp: Player, idTag = "TAG1", more: object = {}): Promise<Record<string, unknown>> {
  return cp.say("StartTransaction", { connectorId: 1, idTag, meterStart: 1_000, timestamp: now(), ...more });
}

/** What REST tells of a transaction. */
export async function told({ operator }: RunningCsms, transactionId: unknown): Promise<ToldTransaction | undefined> {
  const found = await operator.get<ToldTransaction[]>(`/api/v1/transactions?transactionId=${String(transactionId)}`);
  return found[0];
}
