import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { definePlugin, type SomeConfiguration } from "@ocpp/csms";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { postgresDatabase, postgresMissing, type TestDatabase } from "../durability/database.ts";
import { openStage, type Stage } from "../hostile/stage.ts";
import { scaled } from "./scale.ts";

/*
 * Stations that send without waiting for answers and hang up in every way, while some of their messages hang in the CSMS:
 * whatever was received and records something is recorded once.
 */

/** What a station does next. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("status" as const, "security" as const, "begin" as const) },
  { weight: 6, arbitrary: fc.constant("update" as const) },
  { weight: 3, arbitrary: fc.constant("end" as const) },
  { weight: 1, arbitrary: fc.constantFrom("question" as const, "answered" as const) },
  { weight: 3, arbitrary: fc.constant("hold" as const) },
  { weight: 3, arbitrary: fc.constantFrom("close" as const, "fin" as const, "reset" as const, "again" as const) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What hangs until it is released. */
interface Holding {
  held: Promise<void>;
  release: () => void;
}

function newHolding(): Holding {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held, release };
}

/** A connection of a station. */
interface Line {
  readonly socket: WebSocket;
  readonly tcp: Socket;
  /**
   * Whether the station has reset it. The system of the CSMS may throw away then what has arrived and was not read, as
   * where an answer is written at that moment: only what the CSMS has read counts as received.
   */
  reset: boolean;
}

/** A message that records something. */
interface Sent {
  readonly what: string;
  readonly messageId: string;
  readonly line: Line;
}

/** The status that a station reports at a time. */
function statusAt(time: string): string {
  return ["Available", "Occupied", "Reserved", "Unavailable"][(Date.parse(time) / 1_000) % 4] ?? "";
}

/** A station that plays its steps, and knows what it has sent. */
class Sender {
  readonly id: string;
  readonly sent: Sent[] = [];
  readonly #url: string;
  #line: Line | undefined;
  #seconds = 0;
  #count = 0;
  #transaction = 0;
  #seqNo = -1;
  #answers = 0;

  constructor(url: string, id: string) {
    this.#url = url;
    this.id = id;
  }

  async #open(): Promise<Line> {
    const { hostname, port } = new URL(this.#url);
    const tcp = connect(Number(port), hostname);
    const socket = new WebSocket(`${this.#url}/${this.id}`, "ocpp2.0.1", { createConnection: () => tcp });
    socket.on("error", () => {});
    socket.on("message", () => {
      this.#answers += 1;
    });
    await once(socket, "open");
    this.#line = { socket, tcp, reset: false };
    return this.#line;
  }

  #time(): string {
    this.#seconds += 1;
    return new Date(Date.UTC(2026, 0, 1) + this.#seconds * 1_000).toISOString();
  }

  /** Sends a message; `what` it records, where it does. */
  async #send(action: string, payload: object, what?: string): Promise<void> {
    const line = this.#line ?? (await this.#open());
    this.#count += 1;
    const messageId = `${this.id}-${this.#count}`;
    line.socket.send(JSON.stringify([2, messageId, action, payload]));
    if (what !== undefined) this.sent.push({ what: `${this.id} ${what}`, messageId, line });
  }

  async #event(eventType: "Started" | "Updated" | "Ended"): Promise<void> {
    if (eventType === "Started") {
      this.#transaction += 1;
      this.#seqNo = -1;
    }
    if (this.#transaction === 0) return;
    this.#seqNo += 1;
    const transactionId = `T${this.#transaction}`;
    const seqNo = this.#seqNo;
    const request = {
      eventType,
      timestamp: this.#time(),
      triggerReason: "Trigger",
      seqNo,
      transactionInfo: { transactionId },
      evse: { id: 1, connectorId: 1 },
    };
    await this.#send("TransactionEvent", request, `event ${transactionId} ${seqNo}`);
  }

  async play(step: Step): Promise<void> {
    const line = this.#line;
    switch (step) {
      case "status": {
        const timestamp = this.#time();
        const request = { timestamp, connectorStatus: statusAt(timestamp), evseId: 1, connectorId: 1 };
        await this.#send("StatusNotification", request, `status ${timestamp}`);
        return;
      }
      case "security":
      case "hold": {
        const timestamp = this.#time();
        const request = { type: step === "hold" ? "Hold" : "Test", timestamp };
        await this.#send("SecurityEventNotification", request, `security ${timestamp}`);
        return;
      }
      case "question":
        await this.#send("Authorize", { idToken: { idToken: "nobody", type: "ISO14443" } });
        return;
      case "begin":
        await this.#event("Started");
        return;
      case "update":
        await this.#event("Updated");
        return;
      case "end":
        await this.#event("Ended");
        return;
      case "answered": {
        const before = this.#answers;
        await this.#send("Heartbeat", {});
        await expect
          .poll(() => this.#answers, { timeout: 1_000, interval: 2 })
          .toBeGreaterThan(before)
          .catch(() => {});
        return;
      }
      case "again":
        // The new connection takes the place of the old one, which is not closed.
        await this.#open();
        return;
      default:
        this.#line = undefined;
        if (line === undefined) return;
        if (step === "close") line.socket.close();
        else if (step === "fin") line.tcp.end();
        else {
          line.reset = true;
          await new Promise((resolve) => line.socket.send(" ", resolve));
          line.tcp.resetAndDestroy();
        }
    }
  }

  leave(): void {
    this.#line?.socket.close();
    this.#line = undefined;
  }
}

const noPostgres = await postgresMissing();

async function storeOf(
  kind: "sqlite" | "postgres",
): Promise<{ database?: TestDatabase; store: SomeConfiguration["store"] }> {
  if (kind === "sqlite") return { store: {} };
  const database = await postgresDatabase();
  const { DB_HOST = "", DB_PORT = "", DB_USER = "", DB_PASSWORD = "", DB_NAME = "" } = database.variables;
  const postgres = { host: DB_HOST, port: Number(DB_PORT), user: DB_USER, password: DB_PASSWORD, database: DB_NAME };
  return { database, store: { type: "postgres", postgres } };
}

describe.each([
  { kind: "sqlite" as const, missing: undefined },
  { kind: "postgres" as const, missing: noPostgres },
])("stations that hang up, on $kind", ({ kind, missing }) => {
  let stage: Stage | undefined;
  let database: TestDatabase | undefined;
  let holding = newHolding();
  let runs = 0;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const { store, ...made } = await storeOf(kind);
    database = made.database;
    const plugin = definePlugin({
      name: "holding",
      deadline: 60_000,
      setup: () => ({
        on201: {
          SecurityEventNotification: async ({ type }) => {
            if (type === "Hold") await holding.held;
          },
        },
      }),
    });
    stage = await openStage(
      { ...(store === undefined ? {} : { store }), log: { level: "error" } },
      { plugins: [plugin] },
    );
  });

  afterAll(async () => {
    holding.release();
    await stage?.close();
    await database?.remove();
  });

  it.skipIf(missing !== undefined)(
    `lose and double nothing, in any interleaving${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      if (stage === undefined) throw new Error("There is no CSMS");
      const { csms, url } = stage;
      const { reader } = csms.services.store;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), step), { minLength: 12, maxLength: 60 }), async (script) => {
          runs += 1;
          holding = newHolding();
          const senders = [0, 1, 2].map((index) => new Sender(url, `${kind}-${runs}-${index}`));
          for (const { id } of senders) {
            await csms.services.stations.add(id, {});
            await csms.services.stations.boot(id, { vendor: "Acme", model: "Duo" });
          }
          // Whatever hangs, a station that comes back is served its boot within the bound.
          let slowest = 0;
          for (const [index, what] of script) {
            const begun = performance.now();
            await senders[index]?.play(what);
            slowest = Math.max(slowest, performance.now() - begun);
          }
          holding.release();
          const ids = senders.map(({ id }) => id);
          /** What was received: of connections that were reset, what the CSMS has read by its own log. */
          const received = async (): Promise<string[]> => {
            const rows = await reader
              .selectFrom("frames")
              .select("message_id")
              .where("station_id", "in", ids)
              .where("direction", "=", "inbound")
              .execute();
            const read = new Set(rows.map(({ message_id }) => message_id));
            return senders
              .flatMap(({ sent }) => sent)
              .filter(({ line, messageId }) => !line.reset || read.has(messageId))
              .map(({ what }) => what)
              .toSorted();
          };
          const recorded = async (): Promise<string[]> => {
            const events = await reader
              .selectFrom("transaction_events")
              .innerJoin("transactions", "transactions.id", "transaction_events.transaction")
              .select(["transactions.station_id", "transactions.transaction_id", "transaction_events.seq_no"])
              .where("transactions.station_id", "in", ids)
              .execute();
            const statuses = await reader
              .selectFrom("statuses")
              .select(["station_id", "status_time"])
              .where("station_id", "in", ids)
              .execute();
            const security = await reader
              .selectFrom("security_events")
              .select(["station_id", "time"])
              .where("station_id", "in", ids)
              .execute();
            return [
              ...events.map((row) => `${row.station_id} event ${row.transaction_id} ${row.seq_no}`),
              ...statuses.map((row) => `${row.station_id} status ${row.status_time}`),
              ...security.map((row) => `${row.station_id} security ${row.time}`),
            ].toSorted();
          };
          const isOnce = async (): Promise<void> => expect(await recorded()).toEqual(await received());
          await vi.waitFor(isOnce, { timeout: 20_000, interval: 20 });
          // Nothing is recorded a second time by what is still under way, and the newest status counts.
          for (const sender of senders) sender.leave();
          await expect.poll(() => ids.filter((id) => csms.services.connections.of(id) !== undefined)).toEqual([]);
          await isOnce();
          for (const id of ids) {
            const times = (await recorded()).filter((what) => what.startsWith(`${id} status`)).toSorted();
            const newest = times.at(-1)?.split(" ")[2];
            const [row] = await csms.services.connectors.of(id);
            expect(row?.status, id).toBe(newest === undefined ? undefined : statusAt(newest));
          }
          expect(slowest).toBeLessThan(6_000);
        }),
        // A counterexample is told as it is: each try to shrink it waits for messages that never come.
        { numRuns: scaled(12, 300), endOnFailure: true },
      );
    },
    scaled(60_000, 1_200_000),
  );
});
