import type { SampledSet } from "../ocpp/versions/sample.ts";

/** What every message of a transaction has. Texts of times are the station's. */
export interface MessageFacts {
  readonly stationId: string;
  readonly protocol: string;
  readonly messageId: string;
  /** Milliseconds since 1970, by our clock. */
  readonly receivedAt: number;
  /** Whether its connection has gone since. */
  readonly late?: boolean | undefined;
  /** The payload as text. */
  readonly payload: string;
}

/** StartTransaction of 1.6. */
export interface StartFacts extends MessageFacts {
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStart: number;
  readonly timestamp: string;
  readonly reservationId?: number | undefined;
}

/** StopTransaction of 1.6. */
export interface StopFacts extends MessageFacts {
  readonly transactionId: number;
  readonly idTag?: string | undefined;
  readonly meterStop: number;
  readonly timestamp: string;
  readonly reason?: string | undefined;
  readonly meterValues: readonly SampledSet[];
}

/** TransactionEvent of 2.x. */
export interface TransactionEventFacts extends MessageFacts {
  readonly type: "Started" | "Updated" | "Ended";
  readonly trigger: string;
  readonly seqNo: number;
  readonly timestamp: string;
  readonly offline: boolean;
  readonly transactionId: string;
  readonly chargingState?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
  readonly evseId?: number | undefined;
  readonly connectorId?: number | undefined;
  readonly idToken?: { readonly token: string; readonly type: string } | undefined;
  readonly meterValues: readonly SampledSet[];
}

/** MeterValues of any version; `transactionNumber` is that of 1.6, and -1 where the station never learnt it. */
export interface MeterFacts extends MessageFacts {
  readonly evseId: number;
  readonly connectorId: number;
  readonly transactionNumber?: number | undefined;
  readonly meterValues: readonly SampledSet[];
}
