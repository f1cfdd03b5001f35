import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { ConflictError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import {
  emptyTables,
  eventFacts,
  meterFacts,
  noon,
  type Recorders,
  recordersOver,
  register2x,
  register16,
  startFacts,
  stopFacts,
} from "./recorder.fixture.ts";

/** What the model knows of a transaction: what was told of it, and no more than that. */
interface Model {
  readonly stationId: string;
  /** The number of 1.6; undefined in 2.x. */
  readonly number: number | undefined;
  readonly transactionId: string;
  readonly meterStart: number | undefined;
  readonly registers: number[];
  readonly messages: Set<string>;
  readonly numbers: Set<number>;
  readonly stops: { readonly meterStop: number; readonly minute: number }[];
  started: boolean;
  ended: boolean;
  closed: boolean;
}

const stations = ["A", "B", "C"];
const station = fc.constantFrom(...stations);
const register = fc.nat(10_000);
/** Which of the transactions, or messages, that there are. */
const which = fc.nat(1000);

const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("start" as const), station, connector: fc.constantFrom(1, 2), register }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("meter" as const), which, register }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("stop" as const), which, register }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("event" as const),
      station,
      transaction: fc.constantFrom("T1", "T2"),
      type: fc.constantFrom("Started" as const, "Updated" as const, "Updated" as const, "Ended" as const),
      seqNo: fc.nat(6),
      register: fc.option(register),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("repeat" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), station }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

for (const database of databases.filter(({ kind }) => kind === "sqlite")) {
  describe(`the transaction recorder on ${database.name}, against a model`, () => {
    afterAll(() => database.remove());

    const run = async (operations: readonly Operation[]): Promise<void> => {
      let store: Store = await database.open();
      await emptyTables(store);
      let recorders: Recorders = recordersOver(testInfrastructure(store));
      const models = new Map<string, Model>();
      const sent: (() => Promise<unknown>)[] = [];
      let pending: Promise<unknown>[] = [];
      let minute = 0;
      let outsideTransactions = 0;

      const settle = async (): Promise<void> => {
        await Promise.all(pending);
        pending = [];
      };
      const send = (message: () => Promise<unknown>): void => {
        sent.push(message);
        pending.push(message());
      };
      const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
      const model = (stationId: string, transactionId: string, rest: Partial<Model>): Model => {
        const key = `${stationId}/${transactionId}`;
        const made: Model = models.get(key) ?? {
          stationId,
          transactionId,
          number: undefined,
          meterStart: undefined,
          registers: [],
          messages: new Set(),
          numbers: new Set(),
          stops: [],
          started: false,
          ended: false,
          closed: false,
          ...rest,
        };
        models.set(key, made);
        return made;
      };

      for (const one of operations) {
        minute += 1;
        const at = minute;
        if (one.do === "start") {
          const facts = startFacts({
            stationId: one.station,
            connectorId: one.connector,
            meterStart: one.register,
            timestamp: noon(at),
          });
          send(async () => {
            const { transactionId: number } = await recorders.transactions.start(facts);
            const known = model(one.station, String(number), { number, meterStart: one.register, started: true });
            expect(known.meterStart).toBe(one.register);
            known.messages.add("Started");
          });
        } else if (one.do === "meter") {
          await settle();
          const known = pick(
            [...models.values()].filter(({ number }) => number !== undefined),
            one.which,
          );
          if (known === undefined) continue;
          known.registers.push(one.register);
          const facts = meterFacts({
            stationId: known.stationId,
            transactionNumber: known.number,
            meterValues: [register16(one.register, at)],
          });
          send(() => recorders.transactions.meterValues(facts));
        } else if (one.do === "stop") {
          await settle();
          const known = pick(
            [...models.values()].filter(({ number }) => number !== undefined),
            one.which,
          );
          if (known === undefined) continue;
          if (known.ended) outsideTransactions += 1;
          else known.messages.add("Ended");
          if (!known.ended) known.stops.push({ meterStop: one.register, minute: at });
          known.ended = true;
          const facts = stopFacts(known.number ?? 0, {
            stationId: known.stationId,
            meterStop: one.register,
            timestamp: noon(at),
          });
          send(() => recorders.transactions.stop(facts));
        } else if (one.do === "event") {
          const known = model(one.station, one.transaction, {});
          // The same number with another time is what a station sends that has lost its power.
          const facts = eventFacts(one.type, one.seqNo, {
            stationId: one.station,
            transactionId: one.transaction,
            timestamp: noon(at),
            meterValues: one.register === null ? [] : [register2x(one.register, at)],
          });
          known.messages.add(`${one.seqNo} ${one.type} ${at}`);
          known.numbers.add(one.seqNo);
          if (one.register !== null) known.registers.push(one.register);
          known.started ||= one.type === "Started";
          known.ended ||= one.type === "Ended";
          send(() => recorders.transactions.event(facts));
        } else if (one.do === "repeat") {
          const message = pick(sent, one.which);
          if (message !== undefined) pending.push(message());
        } else if (one.do === "close") {
          await settle();
          const known = pick([...models.values()], one.which);
          if (known === undefined) continue;
          const row = await recorders.transactions.find(known.transactionId, known.stationId);
          const closing = recorders.transactions.close(row?.id ?? 0, { reason: "AdminClosed" });
          if (known.ended || known.closed) await expect(closing).rejects.toThrow(ConflictError);
          else expect(await closing).toMatchObject({ provisional: 1 });
          known.closed = true;
        } else if (one.do === "forget") recorders.transactions.forget(one.station);
        else {
          await settle();
          if (one.do === "wait") continue;
          await store.close();
          store = await database.open();
          recorders = recordersOver(testInfrastructure(store));
        }
      }
      await settle();

      const rows = await store.reader.selectFrom("transactions").selectAll().execute();
      const numbers = rows.flatMap(({ number }) => number ?? []);
      expect(new Set(numbers).size).toBe(numbers.length);
      const messages = await store.reader.selectFrom("transaction_events").select("transaction").execute();
      const told = [...models.values()].map((known) => {
        const { number, registers, meterStart, ended, closed, stops } = known;
        const lowest = registers.length === 0 ? null : Math.min(...registers);
        const highest = registers.length === 0 ? null : Math.max(...registers);
        const start = number === undefined ? lowest : meterStart;
        return {
          key: `${known.stationId}/${known.transactionId}`,
          number: number ?? null,
          meter_start: start,
          meter_stop: ended || closed ? (stops[0]?.meterStop ?? highest ?? start) : null,
          complete: ended || closed ? 1 : 0,
          provisional: closed && !ended ? 1 : 0,
          started: known.started,
          seq_count: known.numbers.size,
          messages: known.messages.size,
        };
      });
      const kept = rows.map((row) => ({
        key: `${row.station_id}/${row.transaction_id}`,
        number: row.number,
        meter_start: row.meter_start,
        meter_stop: row.meter_stop,
        complete: row.complete,
        provisional: row.provisional,
        started: row.started_at !== null,
        seq_count: row.seq_count,
        messages: messages.filter(({ transaction }) => transaction === row.id).length,
      }));
      const byKey = (one: { readonly key: string }, other: { readonly key: string }): number =>
        one.key.localeCompare(other.key);
      expect(kept.sort(byKey)).toEqual(told.sort(byKey));
      const registers = [...models.values()].reduce((count, known) => count + known.registers.length, 0);
      expect(await store.reader.selectFrom("meter_values").selectAll().execute()).toHaveLength(registers);
      const failed = await store.reader.selectFrom("failed_stops").select("reason").execute();
      expect(failed.filter(({ reason }) => reason === "already-stopped")).toHaveLength(outsideTransactions);
      await store.close();
    };

    it("ends with the totals of what was told, however that was interleaved, repeated and forgotten", async () => {
      await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), run), { numRuns: 40 });
    }, 120_000);
  });
}
