import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStore, type StoreOptions } from "@ocpp/csms";
import {
  postgresDatabase,
  postgresMissing,
  sqliteDatabase,
  type TestDatabase,
} from "../../csms/durability/database.ts";
import { startCsms } from "./csms-process.ts";

/*
 * Events a second that the CSMS delivers to a webhook on this machine, on SQLite and, where one answers, on PostgreSQL: of
 * 200 stations, each event from the store to an acknowledgement on disk, one in a post and up to 100 in a post. Beside it a
 * loop that posts the same body as often as it is answered, eight at a time, and nothing else. Argument: how many events.
 * Prints one line of JSON.
 */

const count = Number(process.argv[2] ?? 20_000);
const stations = 200;
const data = JSON.stringify({
  evseId: 1,
  connectorId: 1,
  transactionId: "4711",
  meterValue: [
    {
      timestamp: "2026-01-31T12:00:00.000Z",
      sampledValue: [
        { value: "1500", measurand: "Energy.Active.Import.Register", unit: "Wh" },
        { value: "11000", measurand: "Power.Active.Import", unit: "W" },
      ],
    },
  ],
});

interface Receiver {
  readonly url: string;
  readonly child: ChildProcess;
  standing(): Promise<{ readonly events: number; readonly milliseconds: number }>;
}

async function startReceiver(): Promise<Receiver> {
  const file = fileURLToPath(new URL("csms-webhook-receiver.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    child,
    standing: async () => (await (await fetch(url)).json()) as Awaited<ReturnType<Receiver["standing"]>>,
  };
}

function storeOf({ variables }: TestDatabase): StoreOptions {
  if (variables["DB_TYPE"] === "sqlite") return { kind: "sqlite", file: `${variables["OCPP_CSMS_DATA"]}/ocpp.db` };
  return {
    kind: "postgres",
    host: variables["DB_HOST"] ?? "",
    port: Number(variables["DB_PORT"]),
    user: variables["DB_USER"] ?? "",
    password: variables["DB_PASSWORD"] ?? "",
    database: variables["DB_NAME"] ?? "",
  };
}

/** Enters a webhook, and events that happen after it. */
async function fill(database: TestDatabase, url: string, batch: number | null): Promise<void> {
  const store = await openStore(storeOf(database));
  const at = Date.now();
  const times = { created_at: at, updated_at: at };
  const batches = { batch_events: batch, batch_bytes: null };
  const id = store.nextId();
  await store.write(
    store.reader
      .insertInto("webhooks")
      .values({ id, url, secret: "whsec_bench", kinds: null, stations: null, active: 1, ...batches, ...times }),
  );
  const insert = store.prepare<{ id: number; station_id: string; kind: string; at: number; data: string }>((db, row) =>
    db.insertInto("events").values(row),
  );
  for (let index = 0; index < count; index += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, count - index) }, (_, offset) =>
      insert({ id: store.nextId(), station_id: `CS${(index + offset) % stations}`, kind: "meter.values", at, data }),
    );
    await store.write(...rows);
  }
  await store.close();
}

/** Events a second from the first to the last that arrived. */
async function deliveries(database: TestDatabase, batch: number | null): Promise<number> {
  const receiver = await startReceiver();
  try {
    await fill(database, receiver.url, batch);
    const csms = await startCsms(database.variables["OCPP_CSMS_DATA"] ?? "/tmp", {
      ...database.variables,
      OCPP_CSMS_WEBHOOKS_ALLOWED_NETWORKS: "127.0.0.0/8",
    });
    try {
      const end = performance.now() + 600_000;
      let standing = await receiver.standing();
      while (standing.events < count && performance.now() < end) {
        await sleep(200);
        standing = await receiver.standing();
      }
      return (standing.events * 1_000) / standing.milliseconds;
    } finally {
      await csms.stop();
    }
  } finally {
    receiver.child.kill();
    await database.remove();
  }
}

/** Posts a second of a loop that does nothing else. */
async function bare(): Promise<number> {
  const receiver = await startReceiver();
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify({ id: 1, kind: "meter.values", stationId: "CS1", data: JSON.parse(data) as unknown });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const post = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(receiver.url, { method: "POST", agent, headers }, (response) => {
        response.resume();
        response.once("end", resolve);
      });
      sent.once("error", reject);
      sent.end(body);
    });
  let left = count;
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: 8 }, loop));
  const { events, milliseconds } = await receiver.standing();
  agent.destroy();
  receiver.child.kill();
  return (events * 1_000) / milliseconds;
}

const both = async (open: () => Promise<TestDatabase>) => ({
  single: await deliveries(await open(), null),
  batches: await deliveries(await open(), 100),
});
const figures = {
  bare: await bare(),
  sqlite: await both(sqliteDatabase),
  postgres: (await postgresMissing()) === undefined ? await both(postgresDatabase) : null,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
