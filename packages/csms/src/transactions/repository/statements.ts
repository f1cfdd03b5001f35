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
  /** Changes nothing where the message is stored already. */
  readonly message: (row: TransactionEventRow) => Write;
  /** Changes nothing where the values are stored already. */
  readonly meterValue: (row: MeterValueRow) => Write;
  readonly failedStop: (row: FailedStopRow) => Write;
}

/** Compiles the statements. */
export function transactionStatements(store: Store): TransactionStatements {
  return {
    insert: store.prepare<TransactionRow>((db, row) => db.insertInto("transactions").values({ ...row })),
    // What never changes stands in no update: indexes over it would be written anew.
    update: store.prepare<TransactionRow>(
      (db, { id, station_id: _station, transaction_id: _name, number: _number, protocol: _protocol, ...changing }) =>
        db.updateTable("transactions").set(changing).where("id", "=", id),
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
