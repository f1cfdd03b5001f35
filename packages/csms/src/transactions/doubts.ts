import type { TransactionRow } from "../store/tables/transactions.ts";
import type { TransactionLedger } from "./ledger.ts";

/**
 * The open transactions on an EVSE of which it is doubtful whether they still run: all but the one that started last. Each may
 * run all the same, since nothing forbids several on one EVSE.
 */
export function doubtfulAmong<T extends Pick<TransactionRow, "id" | "started_at" | "start_received_at">>(
  open: readonly T[],
): T[] {
  const startOf = ({ started_at, start_received_at }: T): number => started_at ?? start_received_at;
  const ascending = [...open].sort((one, other) => startOf(one) - startOf(other) || one.id - other.id);
  return ascending.slice(0, -1);
}

/**
 * Marks the transactions that have become doubtful by one that has begun, or is known to be on an EVSE only now; answers
 * those that were not marked before. To be called in the turn of the station.
 */
export async function markDoubtful(
  ledger: TransactionLedger,
  { station_id: stationId, evse_id: evseId, complete }: TransactionRow,
): Promise<readonly TransactionRow[]> {
  if (evseId === 0 || complete === 1) return [];
  const { clock, memory, queries, systemLog } = ledger;
  const { open } = await memory.of(stationId);
  if (open.size < 2) return [];
  const here = Array.from(open.values()).filter(({ row }) => row.evse_id === evseId);
  const doubtful = new Set(doubtfulAmong(here.map(({ row }) => row)));
  const fresh = here.filter(({ row }) => row.doubtful_since === null && doubtful.has(row));
  if (fresh.length === 0) return [];
  const since = clock.now();
  const marked = fresh.map(({ row, state }) => ({ row: { ...row, doubtful_since: since }, state }));
  const ids = marked.map(({ row }) => row.id);
  await ledger.commit(stationId, [queries.doubtfulMark(ids, since)], []);
  for (const one of marked) memory.keep(one);
  for (const { row } of marked) {
    const text = `Transaction ${row.transaction_id} may be over: a later one has started on EVSE ${evseId}`;
    systemLog.write("WARNING", "System", text, stationId);
  }
  return marked.map(({ row }) => row);
}
