import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "../../ocpp/gateway.fixture.ts";
import { migrationNames } from "../schema.ts";
import { databases, type TestDatabase } from "../store.fixture.ts";

/*
 * Databases that earlier versions have made, by their newest migration: a SQLite file, and the statements of a PostgreSQL dump.
 * Each holds a station of 1.6 with a transaction that has ended, one that is open, a stop of an unknown transaction, a reservation
 * and a remote start; a station of 2.0.1 with a password, an open transaction and a security event; tokens and a webhook.
 */

const read = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

/** Puts a database of an earlier version into the place of a test database. */
async function place(database: TestDatabase, migration: string): Promise<void> {
  const location = await database.location();
  if (location.kind === "sqlite") {
    writeFileSync(location.file, gunzipSync(read(`${migration}.db.gz`)));
    return;
  }
  const { url, host, port, user, database: name } = location;
  const client = new Client(url === undefined ? { host, port, user, database: name } : { connectionString: url });
  await client.connect();
  await client.query(read(`${migration}.sql`).toString());
  await client.end();
}

const password = "correct-horse-battery";
const timestamp = "2026-09-01T13:00:00.000Z";

for (const database of databases) {
  describe(`a database of an earlier version on ${database.name}`, () => {
    let running: TestGateway | undefined;

    afterEach(async () => {
      await running?.[Symbol.asyncDispose]();
      running = undefined;
    });

    it("opens, is brought up to date, and goes on where it stood", async () => {
      await place(database, "0001-initial");
      running = await testGateway({ database });
      const { services, station16, station201 } = running;
      const { store, transactions, tokens, reservations, remoteStarts } = services;
      const rowsIn = async (table: "events" | "frames" | "logs" | "statuses"): Promise<number> =>
        Number(
          (
            await store.reader
              .selectFrom(table)
              .select(({ fn }) => fn.count("id").as("rows"))
              .executeTakeFirst()
          )?.rows,
        );
      expect(await Promise.all([rowsIn("events"), rowsIn("frames"), rowsIn("statuses")])).toEqual([53, 30, 2]);
      expect(migrationNames.length).toBeGreaterThan(1);

      expect(await transactions.find("1", "CP16")).toMatchObject({
        meter_start: 100,
        meter_stop: 1100,
        stop_reason: "Local",
        complete: 1,
        doubtful_since: null,
      });
      const peer16 = await station16("CP16", {});
      await peer16.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
      await peer16.call("StopTransaction", { transactionId: 2, meterStop: 2_000, timestamp });
      expect(await transactions.find("2", "CP16")).toMatchObject({ meter_start: 1100, meter_stop: 2000, complete: 1 });
      const started = await peer16.call("StartTransaction", {
        connectorId: 1,
        idTag: "TAG1",
        meterStart: 2,
        timestamp,
      });
      expect(started).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: "Accepted" } });
      expect(started.transactionId).toBeGreaterThan(2);

      const peer201 = await station201("CP201", {}, { password });
      const chargingStation = { vendorName: "Acme", model: "Duo" };
      expect(await peer201.call("BootNotification", { reason: "PowerUp", chargingStation })).toMatchObject({
        status: "Accepted",
      });
      await peer201.call("TransactionEvent", {
        eventType: "Ended",
        seqNo: 2,
        timestamp,
        triggerReason: "StopAuthorized",
        transactionInfo: { transactionId: "T-OPEN", stoppedReason: "Local" },
        meterValue: [{ timestamp, sampledValue: [{ value: 900, context: "Transaction.End" }] }],
      });
      expect(await transactions.find("T-OPEN", "CP201")).toMatchObject({ complete: 1, seq_count: 3, meter_stop: 900 });

      expect(await tokens.get("TAG1")).toMatchObject({ status: "Accepted", group_id: "G1" });
      expect(await tokens.get("TAG2")).toMatchObject({ status: "Blocked", note: "lost" });
      expect(await reservations.get(1)).toMatchObject({ station_id: "CP16", status: "Active" });
      // The start with its token has answered it.
      await expect.poll(async () => (await remoteStarts.named("CP16", 1))?.status).toBe("Started");
      expect((await store.reader.selectFrom("webhooks").selectAll().execute()).length).toBe(1);
      // Ids go on above those that are there.
      const [{ newest }] = (await store.reader
        .selectFrom("events")
        .select(({ fn }) => [fn.max("id").as("newest")])
        .execute()) as [{ newest: number }];
      expect(store.nextId()).toBeGreaterThan(newest);
    });
  });
}
