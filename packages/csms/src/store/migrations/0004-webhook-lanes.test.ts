import { Kysely, PostgresDialect, SqliteDialect, sql } from "kysely";
import Database from "libsql";
import { Pool } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { databases, type TestDatabase } from "../store.fixture.ts";
import { up as makeTables } from "./0001-initial.ts";
import { up } from "./0004-webhook-lanes.ts";

async function rawDatabase(database: TestDatabase): Promise<Kysely<unknown>> {
  const location = await database.location();
  if (location.kind === "sqlite") {
    // Its interface is that of better-sqlite3, which Kysely expects.
    const file = new Database(location.file) as unknown as ConstructorParameters<typeof SqliteDialect>[0]["database"];
    return new Kysely({ dialect: new SqliteDialect({ database: file }) });
  }
  const { url, host, port, user, database: name } = location;
  const pool = new Pool(url === undefined ? { host, port, user, database: name } : { connectionString: url });
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

describe.each(databases)("deliveries of the first version on $name", (database) => {
  afterEach(() => database.remove());

  it("get the stations of their events where they wait, and indexes that serve what is asked", async () => {
    const db = await rawDatabase(database);
    await makeTables(db);
    await sql`insert into events (id, station_id, kind, at, data) values (1, 'A', 'k', 0, '{}'), (2, null, 'k', 0, '{}')`.execute(
      db,
    );
    await sql`insert into webhooks (id, url, secret, active, created_at, updated_at) values (7, 'u', 's', 1, 0, 0)`.execute(
      db,
    );
    for (const [id, event, status] of [
      [10, 1, "pending"],
      [11, 2, "pending"],
      [12, 3, "pending"],
      [13, 1, "delivered"],
    ] as const) {
      await sql`insert into deliveries (id, webhook_id, event_id, status, attempts, next_at, created_at, updated_at)
        values (${id}, 7, ${event}, ${status}, 0, 0, 0, 0)`.execute(db);
    }
    await up(db);
    const rows = await sql`select id, station_id from deliveries order by id`.execute(db);
    expect(rows.rows.map((row) => Object.values(row as object).map(String))).toEqual([
      ["10", "A"],
      ["11", "null"],
      ["12", "null"],
      ["13", "null"],
    ]);
    expect((await sql`select batch_events, batch_bytes from webhooks`.execute(db)).rows).toEqual([
      { batch_events: null, batch_bytes: null },
    ]);
    if (database.kind === "sqlite") {
      for (const [condition, index] of [
        [sql`webhook_id = ${7} and deliveries.status = 'pending' and id > ${1} order by id`, "deliveries_pending"],
        [
          sql`webhook_id = ${7} and status = 'pending' and station_id = ${"A"} and id > ${1} order by id`,
          "deliveries_pending_stations",
        ],
        [sql`status in ('dead', 'dropped') order by next_at desc, id desc`, "deliveries_given_up"],
      ] as const) {
        const plan = await sql<{
          detail: string;
        }>`explain query plan select * from deliveries where ${condition}`.execute(db);
        const details = plan.rows.map(({ detail }) => detail).join("\n");
        expect(details).toContain(`USING INDEX ${index}`);
        expect(details).not.toContain("TEMP B-TREE");
      }
    }
    await db.destroy();
  });
});
