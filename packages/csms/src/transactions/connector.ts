import type { Conclusion, ConnectorRecorder, Receipt } from "../connectors/recorder.ts";
import { factsOf } from "../ocpp/versions/versions.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";

/** What a change of a transaction says of its connector: that it began or ended by a message, or was closed by the CSMS. */
export type ConnectorSign = "started" | "ended" | "closed";

/** Makes what records the status of the connector that a transaction tells of; `row` as it is to be stored. */
export type TransactionConnector = (row: TransactionRow, sign: ConnectorSign, receipt: Receipt) => Promise<Conclusion>;

/** The statuses that a running transaction may follow upon, and those that it gives a connector; more in 1.6 than in 2.x. */
const idle = ["Available", "Preparing", "Reserved", "Finishing"];
const busy = ["Charging", "SuspendedEV", "SuspendedEVSE", "Preparing"];

/**
 * Makes what concludes the status of a connector from transactions: of 1.6 only, since a 2.x station keeps reporting the
 * statuses of connectors beside its transactions (G01), and reports with each transaction how it charges. A message from the queue
 * of a station that was offline says nothing of its connectors; `tolerance` is how old one of now may be, in milliseconds.
 */
export function createTransactionConnector(connectors: ConnectorRecorder, tolerance: number): TransactionConnector {
  return async (row, sign, receipt) => {
    const at = sign === "started" ? row.started_at : row.stopped_at;
    const isCurrent = sign === "closed" || (at !== null && receipt.receivedAt - at <= tolerance);
    if (!factsOf(row.protocol).concludesStatuses || row.connector_id === 0 || !isCurrent)
      return { writes: [], events: [] };
    const place = { stationId: row.station_id, evseId: row.evse_id, connectorId: row.connector_id };
    const concluded = sign === "started" ? { status: "Charging", from: idle } : { status: "Available", from: busy };
    return connectors.conclusion(place, concluded, receipt);
  };
}
