import type { EventData } from "../events/kinds.ts";
import { isoTime } from "../shared/iso-time.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";
import { readRemarks } from "./repository/row.ts";
import { energyOf } from "./rules/totals.ts";

/** What an event carries of a transaction. A key code stands in none (C04.FR.04). */
export function transactionFacts(row: TransactionRow): EventData<"transaction.updated"> {
  return {
    id: row.id,
    transactionId: row.transaction_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    idToken: row.id_token_type === "KeyCode" ? undefined : (row.id_token ?? undefined),
    authorization: row.authorization ?? undefined,
    remoteStartId: row.remote_start_id ?? undefined,
    reservationId: row.reservation_id ?? undefined,
    startedAt: row.started_at === null ? undefined : isoTime(row.started_at),
    stoppedAt: row.stopped_at === null ? undefined : isoTime(row.stopped_at),
    stoppedReason: row.stop_reason ?? undefined,
    chargingState: row.charging_state ?? undefined,
    meterStart: row.meter_start ?? undefined,
    meterStop: row.meter_stop ?? undefined,
    meterLatest: row.register ?? undefined,
    energy: energyOf({ meterStart: row.meter_start, meterStop: row.meter_stop, register: row.register }),
    complete: row.complete === 1,
    provisional: row.provisional === 1,
    remarks: readRemarks(row),
  };
}
