import type { ConnectorRecorder, Receipt } from "../connectors/recorder.ts";
import type { TransactionRow } from "../store/tables.ts";

/** What transactions say of their connectors. */
export interface TransactionConnector {
  /** A transaction has started, by a message of now. */
  started(row: TransactionRow, receipt: Receipt): Promise<void>;
  /** A transaction has ended, by a message of now or by the CSMS. */
  ended(row: TransactionRow, receipt: Receipt): Promise<void>;
}

/** The statuses that a running transaction may follow upon, and those that it gives a connector; more in 1.6 than in 2.x. */
const idle = ["Available", "Preparing", "Reserved", "Finishing"];
const busy = ["Charging", "SuspendedEV", "SuspendedEVSE", "Preparing"];

/**
 * Makes what concludes the status of a connector from transactions: of 1.6 only, since a 2.x station keeps reporting the
 * statuses of connectors beside its transactions (G01), and tells with each transaction how it charges.
 */
export function createTransactionConnector(connectors: ConnectorRecorder): TransactionConnector {
  const conclude = async (
    row: TransactionRow,
    status: string,
    receipt: Receipt,
    from: readonly string[],
  ): Promise<void> => {
    if (row.number === null || row.connector_id === 0) return;
    const place = { stationId: row.station_id, evseId: row.evse_id, connectorId: row.connector_id };
    await connectors.conclude(place, { status, from }, receipt);
  };
  return {
    started: (row, receipt) => conclude(row, "Charging", receipt, idle),
    ended: (row, receipt) => conclude(row, "Available", receipt, busy),
  };
}
