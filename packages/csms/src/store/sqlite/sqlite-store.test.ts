import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../open-store.ts";
import { counterRow } from "../rows.fixture.ts";
import type { Store } from "../store.ts";
import type { StoreProblem } from "../store-options.ts";
import type { LogRow } from "../tables/observability.ts";
import { startWriter } from "./writer-process.fixture.ts";

let folder: string;
let file: string;
let stores: Store[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ocpp-csms-sqlite-"));
  file = join(folder, "data", "csms.db");
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string = file, report?: (problem: StoreProblem) => void): Promise<Store> {
  const store = await openStore({ kind: "sqlite", file: path, report });
  stores.push(store);
  return store;
}

describe("a SQLite file", () => {
  it("is made with its folder, and only its owner can read it", async () => {
    const store = await open();
    await store.write(store.reader.insertInto("counters").values(counterRow("a")));
    const made = readdirSync(join(folder, "data"));
    expect(made.sort()).toEqual(["csms.db", "csms.db-shm", "csms.db-wal", "csms.db.lock"]);
    for (const name of made) expect(statSync(join(folder, "data", name)).mode & 0o777).toBe(0o600);
  });

  it("keeps what was committed when the power goes", async () => {
    const store = await open();
    const answer = await store.transaction((db) => sql<{ synchronous: number }>`pragma synchronous`.execute(db));
    expect(answer.rows).toEqual([{ synchronous: 2 }]);
  });

  it("goes away with its store where it is in memory", async () => {
    const count = (): number =>
      readdirSync(tmpdir()).filter((name) => /^ocpp-csms-(?!sqlite|test|export|backup)/.test(name)).length;
    const before = count();
    const store = await open(":memory:");
    expect(count()).toBe(before + 1);
    await store.close();
    expect(count()).toBe(before);
  });

  it("is refused where it is open in this process, by whatever name, and can be had after", async () => {
    const store = await open();
    const other = join(folder, "link");
    symlinkSync(join(folder, "data"), other);
    for (const path of [file, join(other, "csms.db")]) {
      await expect(open(path)).rejects.toMatchObject({ code: "locked", message: expect.stringContaining(file) });
    }
    await store.write(store.reader.insertInto("counters").values(counterRow("a")));
    await store.close();
    expect(await (await open()).reader.selectFrom("counters").selectAll().execute()).toHaveLength(1);
  });

  it("is refused to a second process", async () => {
    const store = await open();
    await store.write(store.reader.insertInto("counters").values(counterRow("a")));
    const { child, lines } = startWriter(file, 1);
    expect((await lines.next()).value).toBe("locked");
    if (child.exitCode === null) await once(child, "exit");
    expect(await store.write(store.reader.updateTable("counters").set({ value: 2 }))).toEqual([1]);
  });

  it("is free again, and holds all that was answered and no half units, after its process was killed", async () => {
    const { child, lines } = startWriter(file, 50);
    expect((await lines.next()).value).toBe("open");
    await expect(open()).rejects.toMatchObject({ code: "locked" });
    const answered: string[] = [];
    for await (const line of lines) {
      answered.push(line);
      if (answered.length === 2_000) child.kill("SIGKILL");
    }
    const store = await open();
    const kept = new Set((await store.reader.selectFrom("counters").select("name").execute()).map(({ name }) => name));
    expect(answered.length).toBeGreaterThanOrEqual(2_000);
    // The last line may be cut where the process was killed.
    for (const name of answered.slice(0, -1)) expect(kept.has(name)).toBe(true);
    for (const name of kept) expect(kept.has(name.endsWith("b") ? name.slice(0, -1) : `${name}b`)).toBe(true);
  });

  it("is refused where it is no database", async () => {
    const path = join(folder, "text");
    writeFileSync(path, "This is no database. ".repeat(100));
    await expect(open(path)).rejects.toMatchObject({ code: "schema" });
  });

  it("is not taken where the folder cannot be made", async () => {
    writeFileSync(join(folder, "data"), "");
    await expect(open()).rejects.toMatchObject({ code: "failed", message: expect.stringContaining(file) });
  });
});

describe("a full disk", () => {
  let mounted: string | undefined;

  beforeEach(() => {
    const place = join(folder, "small");
    try {
      execFileSync("mkdir", [place]);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", place], { stdio: "ignore" });
      mounted = place;
    } catch {
      mounted = undefined;
    }
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    if (mounted !== undefined) execFileSync("umount", [mounted]);
  });

  it("rejects what cannot be kept, leaves the rest, and is over when there is room", async (context) => {
    if (mounted === undefined) {
      context.skip("a small file system could not be mounted: this needs root");
      return;
    }
    const problems: StoreProblem[] = [];
    const store = await open(join(mounted, "csms.db"), (problem) => problems.push(problem));
    const insert = store.prepare<{ name: string; value: number }>((db, row) => db.insertInto("counters").values(row));
    const ballast = join(mounted, "ballast");
    writeFileSync(ballast, Buffer.alloc(1_500_000));
    const kept: string[] = [];
    const write = async (name: string): Promise<void> => {
      await store.write(insert({ name, value: 1 }));
      kept.push(name);
    };
    const large = "x".repeat(20_000);
    const fill = async (): Promise<void> => {
      for (let index = 0; index < 500; index += 1) await write(`${index}${large}`);
    };
    await expect(fill()).rejects.toMatchObject({ code: "full" });
    const waiting = await Promise.allSettled([write(`a${large}`), write(`b${large}`)]);
    expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const names = async (): Promise<string[]> =>
      (await store.reader.selectFrom("counters").select("name").execute()).map(({ name }) => name);
    expect((await names()).sort()).toEqual([...kept].sort());
    // More than what the failed attempts have left of room.
    store.append(insert({ name: `c${large.repeat(5)}`, value: 1 }));
    await expect.poll(() => problems).toMatchObject([{ count: 1, error: { code: "full" } }]);
    rmSync(ballast);
    await write(`d${large}`);
    await write("e");
    expect((await names()).sort()).toEqual([...kept].sort());
    await store.close();
    const again = await open(join(mounted, "csms.db"));
    expect((await again.reader.selectFrom("counters").select("name").execute()).length).toBe(kept.length);
  });
});

/** Writes so many megabytes through the log by changing the same rows again and again, while others read without a pause. */
async function writeWhileReading(store: Store, megabytes: number): Promise<void> {
  const rows = 400;
  const insert = store.prepare<LogRow>((db, row) => db.insertInto("logs").values(row));
  const change = store.prepare<LogRow>((db, row) =>
    db.updateTable("logs").set({ message: row.message }).where("id", "=", row.id),
  );
  const row = (id: number, round: number): LogRow => {
    const message = String(round).padEnd(3_500, "x");
    return { id, station_id: null, at: id, level: "INFO", source: "System", message };
  };
  await store.write(sql`delete from logs`.compile(store.reader));
  await store.write(...Array.from({ length: rows }, (_, id) => insert(row(id + 1, 0))));
  const done = new AbortController();
  const read = async (): Promise<void> => {
    while (!done.signal.aborted)
      await store.reader.selectFrom("logs").selectAll().where("message", "like", "%y%").execute();
  };
  const reading = Promise.all([read(), read(), read()]);
  for (let pages = 0; pages < megabytes * 256; pages += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.write(change(row(((pages + index) % rows) + 1, pages)))),
    );
  }
  done.abort();
  await reading;
}

describe("the write-ahead log", () => {
  const logSize = (): number => statSync(`${file}-wal`).size;

  it("stays short while much is written and read without a pause", async () => {
    const store = await open();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, logSize());
    }, 5);
    await writeWhileReading(store, 48);
    clearInterval(watch);
    expect(Math.max(most, logSize())).toBeGreaterThan(3_000_000);
    expect(Math.max(most, logSize())).toBeLessThan(20_000_000);
  }, 60_000);

  it("grows while a snapshot is open, and is cut when it has ended", async () => {
    const store = await open();
    const snapshot = await store.reader.startTransaction().execute();
    await sql`select count(*) from logs`.execute(snapshot);
    await writeWhileReading(store, 32);
    expect(logSize()).toBeGreaterThan(28_000_000);
    await snapshot.rollback().execute();
    await writeWhileReading(store, 8);
    expect(logSize()).toBeLessThan(24_000_000);
  }, 60_000);

  it("does not hold up a transaction that reads beside itself", async () => {
    const store = await open();
    const writing = writeWhileReading(store, 12);
    for (let round = 0; round < 20; round += 1) {
      await store.transaction(async (db) => {
        await store.reader.selectFrom("logs").select("id").limit(1).execute();
        await db.updateTable("logs").set({ level: "NOTICE" }).where("id", "=", 1).execute();
      });
    }
    await writing;
  }, 60_000);
});
