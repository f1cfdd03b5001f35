import type { Store, Write } from "../../store/store.ts";
import type {
  FailedStopRow,
  MeterValueRow,
  TransactionEventRow,
  TransactionRow,
} from "../../store/tables/transactions.ts";

/** The statements that write transactions down, compiled once. */
export interface TransactionStatements {
  readonly insert: (row: TransactionRow) => Write;
  readonly update: (row: TransactionRow) => Write;
  /** `update` of only what readings of the register change, which happens most often. */
  readonly updateRegister: (row: TransactionRow) => Write;
  /** Changes nothing where the message is kept already. */
  readonly message: (row: TransactionEventRow) => Write;
  /** Changes nothing where the values are kept already. */
  readonly meterValue: (row: MeterValueRow) => Write;
  readonly failedStop: (row: FailedStopRow) => Write;
}

/** Compiles the statements. */
export function transactionStatements(store: Store): TransactionStatements {
  return {
    insert: store.prepare<TransactionRow>((db, row) => db.insertInto("transactions").values({ ...row })),
    update: store.prepare<TransactionRow>((db, row) =>
      db
        .updateTable("transactions")
        .set({
          evse_id: row.evse_id,
          connector_id: row.connector_id,
          id_token: row.id_token,
          id_token_type: row.id_token_type,
          group_id: row.group_id,
          authorization: row.authorization,
          remote_start_id: row.remote_start_id,
          reservation_id: row.reservation_id,
          started_at: row.started_at,
          start_time: row.start_time,
          start_received_at: row.start_received_at,
          stopped_at: row.stopped_at,
          stop_time: row.stop_time,
          stop_received_at: row.stop_received_at,
          stop_reason: row.stop_reason,
          stop_id_token: row.stop_id_token,
          requested_stop_reason: row.requested_stop_reason,
          complete: row.complete,
          provisional: row.provisional,
          meter_start: row.meter_start,
          meter_stop: row.meter_stop,
          register: row.register,
          register_at: row.register_at,
          charging_state: row.charging_state,
          first_seq: row.first_seq,
          last_seq: row.last_seq,
          seq_count: row.seq_count,
          offline: row.offline,
          remarks: row.remarks,
          updated_at: row.updated_at,
        })
        .where("id", "=", row.id),
    ),
    updateRegister: store.prepare<TransactionRow>((db, row) =>
      db
        .updateTable("transactions")
        .set({
          meter_start: row.meter_start,
          meter_stop: row.meter_stop,
          register: row.register,
          register_at: row.register_at,
          remarks: row.remarks,
          updated_at: row.updated_at,
        })
        .where("id", "=", row.id),
    ),
    message: store.prepare<TransactionEventRow>((db, row) =>
      db
        .insertInto("transaction_events")
        .values({ ...row })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    meterValue: store.prepare<MeterValueRow>((db, row) =>
      db
        .insertInto("meter_values")
        .values({ ...row })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    failedStop: store.prepare<FailedStopRow>((db, row) => db.insertInto("failed_stops").values({ ...row })),
  };
}
