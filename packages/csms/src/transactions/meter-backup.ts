import type { Infrastructure } from "../infrastructure.ts";
import { energyRegister } from "../ocpp/versions/sample.ts";
import { textDigest } from "../shared/text-digest.ts";
import type { MeterValueRow, TransactionRow } from "../store/tables/transactions.ts";
import { transactionQueries } from "./repository/queries.ts";
import { transactionStatements } from "./repository/statements.ts";

/** How many values are persisted with one commit. */
const pageSize = 500;

function backupRow(id: number, row: TransactionRow, register: number, at: number, now: number): MeterValueRow {
  const sampled = JSON.stringify([{ value: register, measurand: energyRegister, unit: "Wh" }]);
  return {
    id,
    station_id: row.station_id,
    transaction: row.id,
    evse_id: row.evse_id,
    connector_id: row.connector_id,
    measured_at: at,
    time: new Date(at).toISOString(),
    received_at: now,
    source: "Backup",
    register,
    sampled,
    digest: textDigest(`Backup/${sampled}`),
  };
}

/** Stores the newest register of each open transaction as a meter value of its own; resolves with how many were added. */
export async function backUpMeters({ store, clock }: Infrastructure): Promise<number> {
  const { meterValue } = transactionStatements(store);
  const { openAfter } = transactionQueries(store);
  let added = 0;
  let after = 0;
  for (;;) {
    const rows = await openAfter(after, pageSize);
    const now = clock.now();
    const writes = rows.flatMap((row) => {
      const { register, register_at: at } = row;
      return register === null || at === null ? [] : [meterValue(backupRow(store.nextId(), row, register, at, now))];
    });
    for (const changed of await store.write(...writes)) added += changed;
    if (rows.length < pageSize) return added;
    after = rows.at(-1)?.id ?? after;
  }
}
