import type { SequenceNumbers } from "./sequence-numbers.ts";

/** Something about a transaction that looks wrong, or that had to be guessed. */
export type TransactionRemark =
  | "start-in-future"
  | "stop-in-future"
  | "stop-before-start"
  | "meter-below-start"
  | "stop-by-other-token"
  | "time-unreadable"
  | "started-unseen"
  | "meter-start-estimated"
  | "meter-stop-estimated";

/** A transaction as it stands, of any version. Times are milliseconds since 1970, energies Wh. */
export interface TransactionState {
  readonly evseId: number;
  readonly connectorId: number;
  readonly idToken: string | null;
  readonly idTokenType: string | null;
  readonly groupId: string | null;
  readonly authorization: string | null;
  readonly remoteStartId: number | null;
  readonly reservationId: number | null;
  readonly startedAt: number | null;
  readonly startTime: string | null;
  readonly startReceivedAt: number;
  readonly stoppedAt: number | null;
  readonly stopTime: string | null;
  readonly stopReceivedAt: number | null;
  readonly stopReason: string | null;
  readonly stopIdToken: string | null;
  /** The group of the token that stopped it; undefined where it is not known any more. */
  readonly stopGroupId: string | null | undefined;
  readonly requestedStopReason: string | null;
  readonly complete: boolean;
  readonly provisional: boolean;
  /** The register at the start and at the end, where the station says so. */
  readonly begin: number | null;
  readonly end: number | null;
  /** The register at the end that the CSMS or an operator assumes. */
  readonly assumedEnd: number | null;
  /** The lowest and the highest register that were read during it. */
  readonly lowest: number | null;
  readonly highest: number | null;
  /** The newest reading by the station's time. */
  readonly register: number | null;
  readonly registerAt: number | null;
  readonly chargingState: string | null;
  readonly chargingStateAt: number | null;
  readonly numbers: SequenceNumbers;
  readonly offline: boolean;
  /** The remarks that do not follow from the rest. */
  readonly noted: readonly TransactionRemark[];
}

/** A transaction of which nothing is known but when we first heard of it. */
export function newTransaction(receivedAt: number): TransactionState {
  return {
    evseId: 0,
    connectorId: 0,
    idToken: null,
    idTokenType: null,
    groupId: null,
    authorization: null,
    remoteStartId: null,
    reservationId: null,
    startedAt: null,
    startTime: null,
    startReceivedAt: receivedAt,
    stoppedAt: null,
    stopTime: null,
    stopReceivedAt: null,
    stopReason: null,
    stopIdToken: null,
    stopGroupId: null,
    requestedStopReason: null,
    complete: false,
    provisional: false,
    begin: null,
    end: null,
    assumedEnd: null,
    lowest: null,
    highest: null,
    register: null,
    registerAt: null,
    chargingState: null,
    chargingStateAt: null,
    numbers: [],
    offline: false,
    noted: [],
  };
}
