import type { Operations } from "../../commands/operations.ts";
import type { SystemLog } from "../../observability/system-log.ts";
import { ConflictError } from "../../shared/service-error.ts";
import type { AutomaticRequester } from "../../stations/automation.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import type { TransactionRecorder } from "../recorder.ts";

/** What closing needs to know of a transaction. */
export type DeniedTransaction = Pick<
  TransactionRow,
  "id" | "station_id" | "transaction_id" | "started_at" | "updated_at"
>;

/** Finds out that transactions are over although their stations have not said so, and closes them. */
export interface TransactionDenial {
  /**
   * Asks a station of 2.x about a transaction: whether it says that it does not go on, and that nothing of it waits to be sent
   * (E14). Rejects as `Operations.transactionStatus` does.
   */
  denies(row: DeniedTransaction, by: AutomaticRequester): Promise<boolean>;
  /** Closes a transaction provisionally, as of its last message, and writes down why. Whether it was open. */
  close(row: DeniedTransaction, why: string): Promise<boolean>;
}

/** The part of the response to GetTransactionStatus that is read. */
interface TransactionStatus {
  readonly ongoingIndicator?: boolean;
  readonly messagesInQueue: boolean;
}

/** Makes what closes them. */
export function createTransactionDenial({
  operations,
  systemLog,
  transactions,
}: {
  readonly operations: Operations;
  readonly systemLog: SystemLog;
  readonly transactions: TransactionRecorder;
}): TransactionDenial {
  return {
    denies: async ({ station_id, transaction_id }, by) => {
      const { response } = await operations.transactionStatus(station_id, transaction_id, by);
      const { ongoingIndicator, messagesInQueue } = response as TransactionStatus;
      return ongoingIndicator === false && !messagesInQueue;
    },
    close: async ({ id, station_id, transaction_id, started_at, updated_at }, why) => {
      try {
        await transactions.close(id, { reason: "Other", at: Math.max(updated_at, started_at ?? 0) });
      } catch (error) {
        // The station has reported its end meanwhile.
        if (error instanceof ConflictError) return false;
        throw error;
      }
      systemLog.write("WARNING", "System", `Transaction ${transaction_id} was closed: ${why}`, station_id);
      return true;
    },
  };
}
