/** A number of a message that is out of range: where it stands, and the sentence about it. */
export interface RangeFault {
  /** The path from the root of the payload. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The largest whole number of OCPP: 31 bits and a sign (2.0.1 and 2.1 part 2 §2.1.4). */
const largest = 2_147_483_647;

/**
 * The numbers that tell what a message is about, with the largest that each may be; what is out of range belongs to nothing
 * that there is, and no database stores it. A sequence number counts up over years and is kept with more bits.
 */
const limits: Readonly<Record<string, number>> = {
  connectorId: largest,
  evseId: largest,
  remoteStartId: largest,
  reservationId: largest,
  seqNo: Number.MAX_SAFE_INTEGER,
};

/** Parts that have no such numbers, or that are of vendors, who may use their names for anything. */
const skipped: ReadonlySet<string> = new Set(["customData", "data", "meterValue", "transactionData"]);

function faultAt(limit: number, value: number, path: RangeFault["path"]): RangeFault | undefined {
  if (value <= limit && value >= -limit - 1) return undefined;
  return { path, message: `must be a whole number from ${-limit - 1} to ${limit}` };
}

/**
 * The first number of a request that is out of range: an id of an EVSE, connector, reservation or remote start beyond 32
 * bits, wherever it stands. The schemas say "integer" without bounds, the specifications 32 bits (2.0.1 and 2.1 part 2
 * §2.1.4); such a value violates a constraint of its property (OCPP-J 1.6 table 7, 2.0.1 table 8, 2.1 §4.3). `undefined`
 * where there is none.
 */
export function findRangeFault(request: unknown, path: RangeFault["path"] = []): RangeFault | undefined {
  if (typeof request !== "object" || request === null) return undefined;
  for (const [name, value] of Object.entries(request)) {
    if (typeof value === "number") {
      const limit = name === "id" && path.at(-1) === "evse" ? largest : limits[name];
      const fault = limit === undefined ? undefined : faultAt(limit, value, [...path, name]);
      if (fault !== undefined) return fault;
    } else if (typeof value === "object" && value !== null && !skipped.has(name)) {
      const fault = findRangeFault(value, [...path, Array.isArray(request) ? Number(name) : name]);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}
