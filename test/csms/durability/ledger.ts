/** A message of a transaction, as the station that sent it remembers it. */
export interface ToldMessage {
  readonly type: "Started" | "Updated" | "Ended";
  readonly seqNo: number;
  readonly time: string;
}

/** A reading of the energy register, in Wh. */
export interface ToldReading {
  readonly time: string;
  readonly register: number;
}

/** A transaction of which every message was answered, as its station remembers it. */
export interface ToldTransaction {
  readonly stationId: string;
  readonly protocol: "ocpp1.6" | "ocpp2.0.1";
  /** As text; of 1.6 the number that the CSMS gave. */
  readonly transactionId: string;
  readonly idToken: string;
  readonly meterStart: number;
  readonly meterStop: number;
  readonly messages: readonly ToldMessage[];
  readonly readings: readonly ToldReading[];
}

/** What all stations together know: only what was answered, and so must be kept. */
export interface Ledger {
  readonly transactions: ToldTransaction[];
  /** Readings outside of any transaction, by station. */
  readonly readings: { readonly stationId: string; readonly time: string; readonly register: number }[];
  /** Calls that were answered, that were answered with an error, and that were sent again since no answer came. */
  answered: number;
  refused: number;
  repeated: number;
  /** The codes of the errors. */
  readonly codes: Set<string>;
}

/** Makes an empty ledger. */
export function createLedger(): Ledger {
  return { transactions: [], readings: [], answered: 0, refused: 0, repeated: 0, codes: new Set() };
}
