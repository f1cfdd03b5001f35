import type { Protocol } from "@ocpp/core";
import type { Sample } from "./sample.ts";

/** The subprotocols of the versions that the CSMS serves, the newest first. */
export const subprotocols = ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"] as const;

/** The subprotocol of a version that the CSMS serves. What needs something of each version is a record of these. */
export type Subprotocol = (typeof subprotocols)[number];

/**
 * How a version differs from the others where more than its own handlers and commands must know it. No subject asks which version a
 * station speaks: it asks for one of these.
 */
export interface VersionFacts {
  /**
   * Whether the CSMS numbers the transactions, in the order of their starts. Where not, the station names them, and numbers its
   * messages of each.
   */
  readonly numbersTransactions: boolean;
  /** Whether stations can be asked whether a transaction goes on (GetTransactionStatus, E14). */
  readonly answersTransactionStatus: boolean;
  /** Whether messages of a transaction tell how it charges, also where no car is connected any more (E10.FR.01). */
  readonly reportsChargingState: boolean;
  /** Whether the CSMS concludes statuses of connectors from transactions, since stations need not report them at once. */
  readonly concludesStatuses: boolean;
  /** The message that is triggered for the meter values of a transaction. */
  readonly meterTrigger: "MeterValues" | "TransactionEvent";
  /** The reading contexts of samples that belong to a transaction although their message names none. */
  readonly transactionContexts: ReadonlySet<string>;
  /** Reads the samples of a `sampledValue` as it was recorded, as JSON text. */
  readonly readSamples: (sampledValue: string) => readonly Sample[];
  /** Whether StatusNotification can be triggered for the station as a whole; where not, for a connector only (F06.FR.13). */
  readonly triggersStatusOfStation: boolean;
  /** Whether a station that was accepted may be asked to boot again (not in 1.6, errata 3.40). */
  readonly triggersBootWhenAccepted: boolean;
  /** Whether connectors belong to EVSEs; where not, each connector is one. */
  readonly hasEvses: boolean;
  /** The trigger that asks for how far an upload of logs is. */
  readonly logStatusTrigger: "DiagnosticsStatusNotification" | "LogStatusNotification";
}

/** A version of OCPP. */
export interface Version extends VersionFacts {
  /** The name of its package below `@ocpp/`. */
  readonly name: "v16" | "v201" | "v21";
  /** What people call it. */
  readonly title: string;
  readonly protocol: Protocol;
}
