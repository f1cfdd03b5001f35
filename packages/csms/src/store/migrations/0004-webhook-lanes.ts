import { type Kysely, PostgresAdapter, sql } from "kysely";

/**
 * Puts the station beside each delivery, so that those of one station stay in order, and the size of batches beside each
 * webhook. Two indexes over all deliveries become three over the few that wait or were given up, since a delivery changes
 * its status once and is then only read by its id.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const text = postgres ? sql`text collate "C"` : sql`text`;
  await sql`alter table deliveries add column station_id ${text}`.execute(db);
  await sql`update deliveries set station_id = (select station_id from events where events.id = deliveries.event_id)
    where status = 'pending'`.execute(db);
  await sql`alter table webhooks add column batch_events integer`.execute(db);
  await sql`alter table webhooks add column batch_bytes integer`.execute(db);
  await sql`drop index deliveries_status_next_at`.execute(db);
  await sql`drop index deliveries_webhook_id_status_next_at`.execute(db);
  await sql`create index deliveries_pending on deliveries (webhook_id, id) where status = 'pending'`.execute(db);
  await sql`create index deliveries_pending_stations on deliveries (webhook_id, station_id, id)
    where status = 'pending'`.execute(db);
  await sql`create index deliveries_given_up on deliveries (next_at, id) where status in ('dead', 'dropped')`.execute(
    db,
  );
}
