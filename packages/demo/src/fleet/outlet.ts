/** A charge that is under way at an outlet. */
export interface Charge {
  /** The station's name for the transaction; of 1.6, the number that the CSMS gave. */
  readonly transactionId: string;
  readonly token: string;
  readonly remoteStartId: number | undefined;
  /** Watts that the car takes. */
  readonly power: number;
  /** Watt-hours after which the car is full. */
  readonly wanted: number;
  readonly meterStart: number;
  seqNo: number;
}

/** One outlet of a station: connector n of 1.6, EVSE n with its connector 1 of 2.x. */
export interface Outlet {
  readonly number: number;
  /** The register, in watt-hours. It only rises. */
  meter: number;
  charge: Charge | undefined;
  /** Milliseconds since 1970 of the last time that energy was counted. */
  countedAt: number;
}

/** Counts what has flowed since the last time. */
export function count(outlet: Outlet, now: number): void {
  if (outlet.charge !== undefined) outlet.meter += (outlet.charge.power * (now - outlet.countedAt)) / 3_600_000;
  outlet.countedAt = now;
}

/** Whether the car has what it wanted. */
export function isFull({ charge, meter }: Outlet): boolean {
  return charge !== undefined && meter - charge.meterStart >= charge.wanted;
}
