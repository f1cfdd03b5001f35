import { type ManualClock, manualClock } from "@ocpp/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { ConflictError, NotFoundError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import {
  emptyTables,
  eventFacts,
  type Recorders,
  recordersOver,
  startFacts,
  stopFacts,
} from "../transactions/recorder.fixture.ts";
import type { TokenQuestion } from "./registry.ts";

for (const database of databases) {
  describe(`the token registry on ${database.name}`, () => {
    let store: Store;
    let clock: ManualClock;
    let recorders: Recorders;

    const reopen = (tokens: object = {}): void => {
      recorders = recordersOver(testInfrastructure(store, { clock, configuration: { tokens } }));
    };
    const ask = (token: string, rest: Partial<TokenQuestion> = {}) =>
      recorders.tokens.authorize({ stationId: "CS001", token, starting: false, ...rest });

    beforeAll(async () => {
      store = await database.open();
    });

    beforeEach(() => {
      clock = manualClock({ start: Date.UTC(2026, 2, 1) });
      reopen();
    });

    afterEach(() => emptyTables(store));

    afterAll(() => database.remove());

    it("creates, changes and removes tokens, whatever their case", async () => {
      const { tokens } = recorders;
      const { row, created } = await tokens.put("Abc", { groupId: "G", expiresAt: 5, note: "hers" });
      expect(created).toBe(true);
      expect(row).toMatchObject({
        token: "Abc",
        token_key: "abc",
        status: "Accepted",
        group_id: "G",
        expires_at: 5,
        max_active: null,
      });
      await clock.advance(1000);
      const restrictedTo = [{ stationId: "CS001", evseId: 1 }];
      const changed = await tokens.put("aBC", { status: "Blocked", expiresAt: null, restrictedTo, maxActive: 2 });
      expect(changed.created).toBe(false);
      expect(changed.row).toMatchObject({
        id: row.id,
        token: "Abc",
        status: "Blocked",
        group_id: "G",
        expires_at: null,
        note: "hers",
        created_at: row.created_at,
        updated_at: clock.now(),
      });
      expect(await tokens.get("ABC")).toEqual(changed.row);
      expect(await tokens.remove("abC")).toBe(true);
      expect(await tokens.remove("abc")).toBe(false);
      expect(await tokens.get("abc")).toBeUndefined();
      expect((await recorders.told()).map(({ kind }) => kind)).toEqual([
        "token.changed",
        "token.changed",
        "token.removed",
      ]);
    });

    it("creates a token once when two do so at the same time", async () => {
      const results = await Promise.all([
        recorders.tokens.put("A", {}),
        recorders.tokens.put("a", { status: "Blocked" }),
      ]);
      expect(results.map(({ created }) => created)).toEqual([true, false]);
      expect(await store.reader.selectFrom("tokens").selectAll().execute()).toHaveLength(1);
    });

    it("answers with status, group, expiry and EVSEs, and keeps an event of it", async () => {
      const expiresAt = clock.now() + 60_000;
      await recorders.tokens.put("A", { groupId: "G", expiresAt, restrictedTo: [{ stationId: "CS001", evseId: 2 }] });
      expect(await ask("a")).toEqual({ status: "Accepted", groupId: "G", expiresAt, evseIds: [2] });
      expect(await ask("A", { evseId: 1 })).toEqual({ status: "NotAtThisLocation", groupId: "G", expiresAt });
      expect((await recorders.told()).at(-1)).toMatchObject({
        kind: "token.authorized",
        stationId: "CS001",
        data: { idToken: "A", status: "NotAtThisLocation", groupId: "G", evseId: 1 },
      });
      await clock.advance(60_000);
      expect((await ask("A")).status).toBe("Expired");
    });

    it("answers at once by what was changed, also where it remembered something else", async () => {
      expect((await ask("A")).status).toBe("Unknown");
      await recorders.tokens.put("A", {});
      expect((await ask("A")).status).toBe("Accepted");
      await recorders.tokens.put("a", { status: "Blocked" });
      expect((await ask("A")).status).toBe("Blocked");
      await recorders.tokens.remove("A");
      expect((await ask("A")).status).toBe("Unknown");
    });

    it("answers from memory for a while", async () => {
      await recorders.tokens.put("A", {});
      expect((await ask("A")).status).toBe("Accepted");
      await store.write(store.reader.updateTable("tokens").set({ status: "Blocked" }));
      expect((await ask("A")).status).toBe("Accepted");
      await clock.advance(60_000);
      expect((await ask("A")).status).toBe("Blocked");
    });

    it("refuses unknown tokens and enters none, unless it is told to", async () => {
      const all = () => store.reader.selectFrom("tokens").select(["token", "status", "type"]).execute();
      expect((await ask("A")).status).toBe("Unknown");
      expect(await all()).toEqual([]);
      reopen({ unknown: "accept" });
      expect((await ask("A")).status).toBe("Accepted");
      expect(await all()).toEqual([]);
      reopen({ unknown: "accept", rememberUnknown: true });
      expect((await ask("A", { type: "ISO14443" })).status).toBe("Accepted");
      expect(await all()).toEqual([{ token: "A", status: "Accepted", type: "ISO14443" }]);
      reopen({ rememberUnknown: true });
      expect((await ask("B")).status).toBe("Unknown");
      expect((await ask("B")).status).toBe("Invalid");
      await ask("", { type: "NoAuthorization" });
      expect(await all()).toHaveLength(2);
    });

    it("counts what runs against a limit, and no more than that", async () => {
      await recorders.tokens.put("LIMITED", { maxActive: 1 });
      expect((await ask("LIMITED", { starting: true })).status).toBe("Accepted");
      const { transactionId } = await recorders.transactions.start(startFacts({ idTag: "limited" }));
      expect((await ask("LIMITED", { starting: true })).status).toBe("ConcurrentTx");
      expect((await ask("LIMITED")).status).toBe("Accepted");
      const row = await recorders.transactions.find(String(transactionId));
      expect((await ask("LIMITED", { starting: true, transaction: row?.id })).status).toBe("Accepted");
      await recorders.transactions.stop(stopFacts(transactionId));
      expect((await ask("LIMITED", { starting: true })).status).toBe("Accepted");
    });

    it("counts no transaction that was refused", async () => {
      await recorders.tokens.put("LIMITED", { maxActive: 1 });
      const start = (stationId: string) => recorders.transactions.start(startFacts({ stationId, idTag: "LIMITED" }));
      const first = await start("A");
      expect((await start("B")).verdict.status).toBe("ConcurrentTx");
      await recorders.transactions.stop(stopFacts(first.transactionId, { stationId: "A" }));
      expect((await start("C")).verdict.status).toBe("Accepted");
    });

    it("holds a limit while starts are being kept", async () => {
      await recorders.tokens.put("LIMITED", { maxActive: 2 });
      const starts = await Promise.all(
        [1, 2, 3, 4, 5].map((seq) =>
          recorders.transactions.event(
            eventFacts("Started", 0, { stationId: `S${seq}`, idToken: { token: "LIMITED", type: "ISO14443" } }),
          ),
        ),
      );
      expect(starts.filter(({ verdict }) => verdict?.status === "Accepted")).toHaveLength(2);
    });

    it("lets nobody wait for another where there is no limit to hold", async () => {
      await recorders.tokens.put("FLEET", {});
      let entered = 0;
      let release = (): void => {};
      const all = new Promise<void>((resolve) => {
        release = resolve;
      });
      const starts = [1, 2, 3].map((seq) =>
        recorders.tokens.start({ stationId: `S${seq}`, token: "FLEET" }, async () => {
          entered += 1;
          if (entered === 3) release();
          await all;
        }),
      );
      await Promise.all(starts);
      expect(entered).toBe(3);
    });

    it("tells no key code in events (C04.FR.04)", async () => {
      reopen({ rememberUnknown: true });
      await ask("77777777", { type: "KeyCode" });
      await recorders.tokens.put("88888888", { type: "KeyCode" });
      await recorders.tokens.remove("88888888");
      expect(await recorders.told()).toHaveLength(4);
      expect(JSON.stringify(recorders.events.map(({ data }) => data))).not.toMatch(/7777|8888/);
    });

    it("frees the place of a start that could not be persisted", async () => {
      await recorders.tokens.put("LIMITED", { maxActive: 1 });
      const question = { stationId: "CS001", token: "LIMITED" };
      await expect(recorders.tokens.start(question, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
      expect(await recorders.tokens.start(question, ({ status }) => Promise.resolve(status))).toBe("Accepted");
    });

    describe("erasing", () => {
      const secret = "DRIVER77";

      const everything = async (): Promise<string> => {
        const tables = [
          "tokens",
          "transactions",
          "transaction_events",
          "failed_stops",
          "reservations",
          "remote_starts",
          "commands",
          "frames",
          "events",
          "logs",
        ] as const;
        const rows = await Promise.all(tables.map((table) => store.reader.selectFrom(table).selectAll().execute()));
        return JSON.stringify(rows);
      };

      const fill = async (): Promise<void> => {
        const { reader } = store;
        const at = clock.now();
        await recorders.tokens.put(secret, { note: "Ms Driver, 555-0101", groupId: "FAMILY" });
        await recorders.tokens.put("OTHER", {});
        const { transactionId } = await recorders.transactions.start(startFacts({ idTag: secret }));
        await recorders.transactions.stop(stopFacts(transactionId, { idTag: secret.toLowerCase() }));
        await recorders.transactions.stop(stopFacts(-1, { idTag: secret }));
        await store.write(
          reader.insertInto("reservations").values({
            id: 1,
            station_id: "CS001",
            evse_id: 1,
            connector_id: null,
            connector_type: null,
            id_token: secret,
            id_token_type: null,
            group_id: "FAMILY",
            expires_at: at,
            status: "Used",
            answer: null,
            transaction: null,
            created_at: at,
            updated_at: at,
          }),
          reader.insertInto("remote_starts").values({
            id: 1,
            station_id: "CS001",
            evse_id: 1,
            id_token: "driver77",
            remote_start_id: 1,
            status: "Started",
            transaction: null,
            created_at: at,
            updated_at: at,
          }),
          reader.insertInto("commands").values({
            id: "c1",
            seq: 1,
            station_id: "CS001",
            action: "RemoteStartTransaction",
            payload: `{"idTag":"${secret}"}`,
            state: "completed",
            result: `{"data":"{\\"id\\":\\"${secret}\\"}"}`,
            error_code: null,
            error_description: null,
            job_id: null,
            requested_by: "a",
            created_at: at,
            deadline_at: at,
            sent_at: at,
            received_at: at,
            completed_at: at,
          }),
          reader.insertInto("frames").values({
            id: 1,
            station_id: "CS001",
            at,
            direction: "inbound",
            type: 2,
            action: "Authorize",
            message_id: "m",
            body: `[2,"m","Authorize",{"idTag":"${secret}"}]`,
          }),
          reader.insertInto("logs").values({
            id: 1,
            station_id: "CS001",
            at,
            level: "INFO",
            source: "API",
            message: `Token ${secret} was refused`,
          }),
        );
        store.append({
          sql: `insert into frames (id, station_id, at, direction, type, body) values (2, 'CS001', 1, 'inbound', 2, '["${secret}"]')`,
          parameters: [],
        });
      };

      it("leaves the token nowhere, and the totals as they were", async () => {
        await fill();
        const before = await store.reader.selectFrom("transactions").selectAll().executeTakeFirstOrThrow();
        const counts = await recorders.tokens.erase("driver77");
        expect(counts).toEqual({
          tokens: 1,
          transactions: 2,
          transaction_events: 2,
          failed_stops: 1,
          reservations: 1,
          remote_starts: 1,
          commands: 2,
          frames: 2,
          logs: 1,
          events: expect.any(Number),
        });
        await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
        const left = await everything();
        expect(left.toLowerCase()).not.toContain(secret.toLowerCase());
        expect(left).not.toContain("555-0101");
        const after = await store.reader.selectFrom("transactions").selectAll().executeTakeFirstOrThrow();
        expect(after.id_token).toMatch(/^ERASED-[0-9A-F]{12}$/);
        expect(after).toEqual({ ...before, id_token: after.id_token, stop_id_token: after.id_token });
        expect(await recorders.tokens.get(after.id_token ?? "")).toMatchObject({
          erased: 1,
          status: "Invalid",
          note: null,
          group_id: "FAMILY",
        });
        expect((await ask(secret)).status).toBe("Unknown");
        const events = await store.reader.selectFrom("transaction_events").select("payload").execute();
        for (const { payload } of events) expect(() => JSON.parse(payload) as unknown).not.toThrow();
        expect((await recorders.told()).find(({ kind }) => kind === "token.erased")).toMatchObject({
          kind: "token.erased",
          data: { pseudonym: after.id_token },
        });
      });

      it("refuses while a transaction runs with the token, and changes nothing", async () => {
        await fill();
        await recorders.transactions.start(startFacts({ idTag: secret, timestamp: "2026-03-01T18:00:00Z" }));
        const before = await store.reader.selectFrom("transactions").selectAll().execute();
        await expect(recorders.tokens.erase(secret)).rejects.toThrow(ConflictError);
        expect(await store.reader.selectFrom("transactions").selectAll().execute()).toEqual(before);
        expect((await ask(secret)).status).toBe("Accepted");
      });

      it("says so where the token stands nowhere", async () => {
        await recorders.tokens.put("OTHER", {});
        await expect(recorders.tokens.erase(secret)).rejects.toThrow(NotFoundError);
        expect((await recorders.tokens.get("OTHER"))?.token).toBe("OTHER");
      });

      it("takes no pattern for a token", async () => {
        await recorders.tokens.put("100%", {});
        await recorders.tokens.put(String.raw`"\\`, {});
        await recorders.tokens.put("1005", { note: "1005" });
        await recorders.tokens.erase("100%");
        const { transactionId } = await recorders.transactions.start(startFacts({ idTag: String.raw`"\\` }));
        await recorders.transactions.stop(stopFacts(transactionId));
        expect(await recorders.tokens.erase(String.raw`"\\`)).toMatchObject({
          tokens: 1,
          transactions: 1,
          transaction_events: 1,
        });
        expect(await recorders.tokens.get("1005")).toMatchObject({ note: "1005", erased: 0 });
      });
    });
  });
}
