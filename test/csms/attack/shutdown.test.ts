import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { useCleanup } from "../durability/cleanup.ts";
import {
  postgresDatabase,
  postgresMissing,
  sqliteDatabase,
  type TestDatabase,
  withClient,
} from "../durability/database.ts";
import { pause } from "../durability/pause.ts";
import { type Program, startProgram } from "../durability/program.ts";
import { openStallingProxy } from "../durability/stalling-proxy.ts";
import { openFlood } from "./flood.ts";
import { full, scaled } from "./scale.ts";

/** A test of the full form alone; the short form does not have it, so that it is not counted as skipped. */
function inFull(name: string, run: () => Promise<void>, missing?: string): void {
  if (full) it.skipIf(missing !== undefined)(name, run);
}

const cleanup = useCleanup();
const noPostgres = await postgresMissing();
const why = noPostgres === undefined ? "" : ` (${noPostgres})`;

/** The promise, in seconds. */
const timeout = scaled(2, 8);
/** What a busy machine may add, in milliseconds. */
const margin = 1_500;

async function start(database: TestDatabase, variables: Record<string, string> = {}): Promise<Program> {
  cleanup(() => database.remove());
  const settings = { OCPP_CSMS_SHUTDOWN_TIMEOUT: String(timeout), ...database.variables, ...variables };
  const started = startProgram(settings);
  cleanup(() => started.kill());
  return started.ready;
}

/** Tells a program to end, and measures how long that takes. */
async function end(program: Program): Promise<{ readonly code: number | null; readonly milliseconds: number }> {
  const asked = performance.now();
  const code = await program.stop();
  return { code, milliseconds: performance.now() - asked };
}

/** Makes thousands of writes wait, in a database that `hang` makes hang. */
async function pileUp(program: Program, hang: () => unknown, messages: number = scaled(50, 100)): Promise<void> {
  const flood = await openFlood(program.webSocketUrl, scaled(40, 200));
  cleanup(() => flood.end());
  await hang();
  flood.send(messages);
  await pause(300);
}

/** The processes of the server that serve a database. */
function backendsOf(name: string): Promise<number[]> {
  return withClient("postgres", async (client) => {
    const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity where datname = $1", [name]);
    return rows.map(({ pid }) => pid);
  });
}

function sendAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

describe("a CSMS that is told to end, behind thousands of writes that wait", () => {
  it.skipIf(noPostgres !== undefined)(
    `ends in time although PostgreSQL says nothing, and tells what was dropped${why}`,
    async () => {
      const proxy = await openStallingProxy(5_432);
      cleanup(() => proxy.close());
      const program = await start(await postgresDatabase(), { DB_PORT: String(proxy.port) });
      await pileUp(program, () => proxy.stall());
      const { code, milliseconds } = await end(program);
      expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
      expect(code).toBe(3);
      expect(program.output).toMatch(
        /Ended before everything was done; .*writes not known to be persisted: .*frames \d+/,
      );
      expect(program.output).toMatch(/FLOOD-\d+ MeterValues [\da-f]{8}-[\da-f-]{27}/);
    },
  );

  inFull(
    `ends in time although the processes of PostgreSQL were stopped${why}`,
    async () => {
      const database = await postgresDatabase();
      const program = await start(database);
      const pids = await backendsOf(database.name);
      cleanup(() => sendAll(pids, "SIGCONT"));
      await pileUp(program, () => sendAll(pids, "SIGSTOP"));
      const { code, milliseconds } = await end(program);
      expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
      expect(code).toBe(3);
    },
    noPostgres,
  );

  it("ends in time although another process holds the file of SQLite", async () => {
    const database = await sqliteDatabase();
    const program = await start(database);
    const other = new Database(database.file, { timeout: 5_000 });
    cleanup(() => other.close());
    await pileUp(program, () => other.exec("begin immediate"));
    const { code, milliseconds } = await end(program);
    expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
    expect(code).toBe(3);
    expect(program.output).toContain("Ended before everything was done");
  });

  inFull("ends with 0 and drops nothing where the database keeps up", async () => {
    const program = await start(await sqliteDatabase());
    await pileUp(program, () => undefined, 5);
    const { code, milliseconds } = await end(program);
    expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
    expect([code, program.output.includes("Ended: everything was handled and is persisted.")]).toEqual([0, true]);
  });
});

/** Gives the threads of the database, when the process gets SIGUSR2, a query that takes a minute: as a disk that hangs. */
const hangThreads = `const threads = [];
process.on("worker", (one) => threads.push(one));
process.on("SIGUSR2", () => {
  const sql = "with recursive c(x) as (select 1 union all select x + 1 from c where x < 1e9) select count(*) from c";
  for (const thread of threads) thread.postMessage({ kind: "query", connection: 0, sql, parameters: [] });
});`;

it("a CSMS whose database threads hang ends in time, or at once when it is told again", async () => {
  const variables = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hangThreads)}` };
  const program = await start(await sqliteDatabase(), variables);
  program.signal("SIGUSR2");
  await pause(200);
  if (full) {
    const { code, milliseconds } = await end(program);
    expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
    // No exit, which would wait for the threads: a signal.
    expect(code).toBeNull();
    expect(program.output).toContain("the database hangs");
    return;
  }
  program.signal("SIGTERM");
  await expect.poll(() => program.output).toContain("once more to end at once");
  const { code, milliseconds } = await end(program);
  expect(milliseconds).toBeLessThan(margin);
  expect([code, program.output.includes("ended at once")]).toEqual([null, true]);
});

it("a CSMS ends in time whatever else hangs: plug-ins, receivers of webhooks, streams, requests, stations", async () => {
  const database = await sqliteDatabase();
  const { file } = database;
  const plugin = join(file, "..", "hangs.mjs");
  writeFileSync(plugin, 'export default { name: "hangs", setup: () => ({ stop: () => new Promise(() => {}) }) };\n');
  const program = await start(database, {
    OCPP_CSMS_PLUGINS: plugin,
    OCPP_CSMS_WEBHOOKS_ALLOWED_NETWORKS: "127.0.0.0/8",
  });
  const send = (path: string, body: object): Promise<Response> =>
    fetch(new URL(path, program.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const receiver = createServer(() => {});
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  cleanup(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  const called = once(receiver, "request");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  expect((await send("/api/v1/webhooks", { url })).status).toBe(201);

  const sockets = await Promise.all(
    Array.from({ length: scaled(5, 50) }, async (_none, index) => {
      const socket = new WebSocket(`${program.webSocketUrl}/MUTE-${index}`, ["ocpp1.6"]);
      socket.on("error", () => {});
      cleanup(() => socket.terminate());
      await once(socket, "open");
      const answered = once(socket, "message");
      socket.send('[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"Mute"}]');
      await answered;
      return socket;
    }),
  );
  // From now on they read nothing: no command, and no closing handshake.
  for (const socket of sockets) socket.pause();
  await called;
  const stream = await fetch(new URL("/api/v1/events/stream", program.apiUrl));
  expect(stream.status).toBe(200);
  const requests = sockets.map((_socket, index) =>
    send(`/api/v1/stations/MUTE-${index}/calls/Reset`, { type: "Soft" }).then(
      ({ status }) => status,
      () => "cut",
    ),
  );
  await pause(300);

  const { code, milliseconds } = await end(program);
  expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
  expect(code).toBe(3);
  expect(program.output).toMatch(/Ended before everything was done; .*not ended in time: .*plug-in hangs/);
  await Promise.all(requests);
});

it.skipIf(noPostgres !== undefined)(`a CSMS that is told to end while it starts ends at once${why}`, async () => {
  const proxy = await openStallingProxy(5_432);
  cleanup(() => proxy.close());
  const database = await postgresDatabase();
  cleanup(() => database.remove());
  proxy.stall();
  const started = startProgram({ ...database.variables, DB_PORT: String(proxy.port) });
  cleanup(() => started.kill());
  const failed = expect(started.ready).rejects.toThrow(/SIGTERM while starting: ended/);
  await expect.poll(() => proxy.connections, { timeout: 20_000 }).toBeGreaterThan(0);
  const asked = performance.now();
  await started.stop();
  expect(performance.now() - asked).toBeLessThan(margin);
  await failed;
});

inFull("a backup that is interrupted ends at once and leaves no part of a file", async () => {
  const database = await sqliteDatabase();
  cleanup(() => database.remove());
  const db = new Database(database.file);
  // Large enough for a copy to take some seconds.
  db.exec(
    "create table ballast as with recursive c(x) as (select 1 union all select x + 1 from c where x < 300) select randomblob(1000000) as b from c",
  );
  db.close();
  const main = fileURLToPath(new URL("../../../packages/csms/dist/main.js", import.meta.url));
  const target = join(database.file, "..", "copy.db");
  const child = spawn(process.execPath, [main, "backup", target], {
    env: { PATH: process.env["PATH"], ...database.variables },
    stdio: "ignore",
  });
  cleanup(() => child.kill("SIGKILL"));
  await expect.poll(() => existsSync(`${target}.part`), { timeout: 20_000, interval: 5 }).toBe(true);
  const asked = performance.now();
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  expect(performance.now() - asked).toBeLessThan(margin);
  expect([existsSync(target), existsSync(`${target}.part`)]).toEqual([false, false]);
});
