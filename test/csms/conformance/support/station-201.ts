import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type Player, play } from "./player.ts";
import type { RunningCsms } from "./running-csms.ts";

/** Tokens that the cases take for granted: see `enterTokens`. */
export const valid = { idToken: "VALID001", type: "ISO14443" } as const;
export const valid2 = { idToken: "VALID002", type: "ISO14443" } as const;
export const masterPass = { idToken: "MASTER01", type: "ISO14443" } as const;
export const unknown = { idToken: "NOBODY99", type: "ISO14443" } as const;
export const blocked = { idToken: "BLOCKED1", type: "ISO14443" } as const;
export const expired = { idToken: "EXPIRED1", type: "ISO14443" } as const;

/** Enters the tokens of the cases, as an operator does. */
export async function enterTokens({ operator }: RunningCsms): Promise<void> {
  await operator.put("/api/v1/tokens/VALID001", { type: "ISO14443", groupId: "GROUP001" });
  await operator.put("/api/v1/tokens/VALID002", { type: "ISO14443", groupId: "GROUP001" });
  await operator.put("/api/v1/tokens/MASTER01", { type: "ISO14443", groupId: "MASTERPASS" });
  await operator.put("/api/v1/tokens/BLOCKED1", { status: "Blocked" });
  await operator.put("/api/v1/tokens/EXPIRED1", { expiresAt: "2020-01-01T00:00:00Z" });
}

/** A transaction as REST tells of it; the part that the cases look at. */
export interface ToldTransaction {
  readonly id: number;
  readonly transactionId: string | number;
  readonly stationId: string;
  readonly connectorId: number;
  readonly idToken: string | null;
  readonly complete: boolean;
  readonly stoppedReason?: string | null;
  readonly meterStart?: number | null;
  readonly meterStop?: number | null;
}

/** What an event of a transaction carries beside its type, reason and number. */
export interface EventParts {
  readonly chargingState?: string;
  readonly stoppedReason?: string;
  readonly remoteStartId?: number;
  readonly idToken?: { readonly idToken: string; readonly type: string };
  readonly evse?: { readonly id: number; readonly connectorId?: number };
  readonly meterValue?: readonly object[];
  readonly offline?: boolean;
  readonly seqNo?: number;
  readonly reservationId?: number;
  readonly customData?: object;
}

/** How connectors' states are reported: both ways must be understood (part 5). */
export type Reporting = "StatusNotification" | "NotifyEvent";

/** A station of 2.0.1 with two EVSEs of one connector each, played by the book of part 6, section 3.18. */
export interface PlayedStation extends Player {
  /** The transaction that the states below are about. */
  transactionId: string;
  /** Whether the first event of that transaction was sent. */
  started: boolean;
  /** State Booted. */
  boot(reason?: string): Promise<void>;
  report(status: string, connectors?: readonly number[]): Promise<void>;
  /** Sends an event of the transaction, numbered on; the first one that says `auto` is Started, the others Updated. */
  event(
    type: "Started" | "Updated" | "Ended" | "auto",
    trigger: string,
    parts?: EventParts,
  ): Promise<Record<string, unknown>>;
  /** Begins another transaction, numbered from 0. */
  nextTransaction(): void;
  /** The states of section 3.18. */
  evConnectedPreSession(): Promise<void>;
  authorized(): Promise<void>;
  energyTransferStarted(): Promise<void>;
  energyTransferSuspended(): Promise<void>;
  stopAuthorized(): Promise<void>;
  evConnectedPostSession(): Promise<void>;
  evDisconnected(meterValue?: readonly object[]): Promise<void>;
  /** What REST tells of the transaction. */
  told(): Promise<ToldTransaction>;
  /** What REST tells of a connector's status. */
  connectorStatus(evseId: number): Promise<string | undefined>;
  /** Drops the connection without a goodbye, and connects again without a boot. */
  reconnect(): Promise<PlayedStation>;
}

/** A set of sampled values of one moment. */
export function sampled(value: number, context: string, more: object = {}): object {
  return {
    timestamp: new Date().toISOString(),
    sampledValue: [
      { value, context, measurand: "Energy.Active.Import.Register", unitOfMeasure: { unit: "Wh" }, ...more },
    ],
  };
}

const now = (): string => new Date().toISOString();

/** Gives a player the states of the test cases. */
function playedStation(csms: RunningCsms, player: Player, reporting: Reporting, password: string): PlayedStation {
  const { operator } = csms;
  let seqNo = 0;
  let plugged = false;
  let isAuthorized = false;

  const accepted = (response: Record<string, unknown>): void => {
    expect(response).toMatchObject({ idTokenInfo: { status: "Accepted" } });
  };

  const methods = {
    transactionId: randomUUID(),
    started: false,
    boot: async (reason = "PowerUp") => {
      const response = await player.say("BootNotification", {
        reason,
        chargingStation: { vendorName: "Acme", model: "Test", firmwareVersion: "1.0" },
      });
      expect(response).toMatchObject({ status: "Accepted" });
      expect(Math.abs(Date.parse(String(response["currentTime"])) - Date.now())).toBeLessThan(5_000);
      expect(response["interval"]).toBeGreaterThanOrEqual(0);
      await methods.report("Available");
    },
    report: async (status: string, connectors: readonly number[] = [1, 2]) => {
      for (const evseId of connectors) {
        const response =
          reporting === "StatusNotification"
            ? await player.say("StatusNotification", {
                timestamp: now(),
                connectorStatus: status,
                evseId,
                connectorId: 1,
              })
            : await player.say("NotifyEvent", {
                generatedAt: now(),
                seqNo: 0,
                eventData: [
                  {
                    eventId: 1,
                    timestamp: now(),
                    trigger: "Delta",
                    actualValue: status,
                    eventNotificationType: "HardWiredNotification",
                    component: { name: "Connector", evse: { id: evseId, connectorId: 1 } },
                    variable: { name: "AvailabilityState" },
                  },
                ],
              });
        expect(response).toEqual({});
        expect(await methods.connectorStatus(evseId)).toBe(status);
      }
    },
    event: async (type: "Started" | "Updated" | "Ended" | "auto", trigger: string, parts: EventParts = {}) => {
      const { chargingState, stoppedReason, remoteStartId, seqNo: own, customData, ...rest } = parts;
      const eventType = type === "auto" ? (methods.started ? "Updated" : "Started") : type;
      methods.started = true;
      const number = own ?? seqNo;
      if (own === undefined) seqNo += 1;
      return player.say("TransactionEvent", {
        eventType,
        timestamp: now(),
        triggerReason: trigger,
        seqNo: number,
        transactionInfo: {
          transactionId: methods.transactionId,
          ...(chargingState === undefined ? {} : { chargingState }),
          ...(stoppedReason === undefined ? {} : { stoppedReason }),
          ...(remoteStartId === undefined ? {} : { remoteStartId }),
          ...(customData === undefined ? {} : { customData }),
        },
        ...rest,
        ...(customData === undefined ? {} : { customData }),
      });
    },
    nextTransaction: () => {
      methods.transactionId = randomUUID();
      methods.started = false;
      seqNo = 0;
      plugged = false;
      isAuthorized = false;
    },
    evConnectedPreSession: async () => {
      await methods.report("Occupied", [1]);
      const response = await methods.event("auto", "CablePluggedIn", {
        chargingState: "EVConnected",
        evse: { id: 1, connectorId: 1 },
      });
      expect(response).not.toHaveProperty("idTokenInfo");
      plugged = true;
    },
    authorized: async () => {
      accepted(await player.say("Authorize", { idToken: valid }));
      accepted(await methods.event("auto", "Authorized", { idToken: valid }));
      isAuthorized = true;
    },
    energyTransferStarted: async () => {
      if (!isAuthorized) await methods.authorized();
      if (!plugged) await methods.evConnectedPreSession();
      await methods.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
    },
    energyTransferSuspended: async () => {
      await methods.energyTransferStarted();
      await methods.event("Updated", "ChargingStateChanged", { chargingState: "SuspendedEV" });
    },
    stopAuthorized: async () => {
      await methods.energyTransferStarted();
      accepted(await methods.event("Updated", "StopAuthorized", { idToken: valid }));
    },
    evConnectedPostSession: async () => {
      await methods.stopAuthorized();
      await methods.event("Updated", "ChargingStateChanged", { chargingState: "EVConnected" });
    },
    evDisconnected: async (meterValue?: readonly object[]) => {
      await methods.report("Available", [1]);
      await methods.event("Ended", "EVCommunicationLost", {
        chargingState: "Idle",
        stoppedReason: "EVDisconnected",
        ...(meterValue === undefined ? {} : { meterValue }),
      });
      expect(await methods.told()).toMatchObject({ complete: true, stoppedReason: "EVDisconnected" });
    },
    told: async () => {
      const found = await operator.get<ToldTransaction[]>(
        `/api/v1/transactions?stationId=${player.identity}&transactionId=${methods.transactionId}`,
      );
      expect(found).toHaveLength(1);
      const [transaction] = found;
      if (transaction === undefined) throw new Error("There is no such transaction");
      return transaction;
    },
    connectorStatus: async (evseId: number) => {
      const connectors = await operator.get<{ connectorId: number; evseId: number; status: string }[]>(
        `/api/v1/stations/${player.identity}/connectors`,
      );
      return connectors.find((connector) => connector.evseId === evseId)?.status;
    },
    reconnect: async () => {
      await player.close();
      const again = await play({ url: csms.url, identity: player.identity, password });
      const station = playedStation(csms, again, reporting, password);
      return Object.assign(station, { transactionId: methods.transactionId, started: methods.started });
    },
  };
  // The properties of a player are live, so they are looked up and not copied.
  return new Proxy(methods, {
    get: (target, name) => Reflect.get(Object.hasOwn(target, name) ? target : player, name) as unknown,
  }) as unknown as PlayedStation;
}

/** Numbers the stations of a run, so that each case has its own. */
export function stationSource(csms: RunningCsms): (options?: {
  readonly reporting?: Reporting;
  readonly settings?: object;
  /** Whether the station has booted; true unless given. */
  readonly booted?: boolean;
}) => Promise<PlayedStation> {
  let count = 0;
  return async ({ reporting = "StatusNotification", settings = {}, booted = true } = {}) => {
    count += 1;
    const identity = `CS${String(count).padStart(3, "0")}-${randomUUID().slice(0, 8)}`;
    const password = randomUUID().slice(0, 24);
    await csms.addStation(identity, { password, ...settings });
    const player = await play({ url: csms.url, identity, password });
    const station = playedStation(csms, player, reporting, password);
    if (booted) await station.boot();
    return station;
  };
}
