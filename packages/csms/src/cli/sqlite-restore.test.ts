import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store/open-store.ts";
import { counterRow } from "../store/rows.fixture.ts";
import { startWriter } from "../store/sqlite/writer-process.fixture.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { kindOfFile } from "./json-lines.ts";
import { restoreSqlite } from "./sqlite-restore.ts";

let folder: string;
let file: string;
let stores: Store[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ocpp-csms-restore-"));
  file = join(folder, "data", "csms.db");
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string = file): Promise<Store> {
  const store = await openStore({ kind: "sqlite", file: path });
  stores.push(store);
  return store;
}

async function restore(backup: string, target: string = file): Promise<string | undefined> {
  return restoreSqlite(backup, await kindOfFile(backup), target, {
    replace: true,
    now: new Date("2026-01-01T00:00:00Z"),
    tell: () => {},
    interruption: { undo: () => {}, hold: () => {} },
  });
}

describe("the restoration of a backup", () => {
  it("puts it in the place of the database and keeps the old one", async () => {
    const store = await open();
    const insert = (name: string) => store.reader.insertInto("counters").values(counterRow(name));
    await store.write(insert("before"));
    const backup = join(folder, "backup");
    await store.backup(backup);
    await store.write(insert("after"));
    await expect(restore(backup)).rejects.toMatchObject({ code: "locked" });
    await store.close();
    chmodSync(backup, 0o644);
    const old = await restore(backup);
    expect(old).toBe(`${file}.2026-01-01T00-00-00-000Z`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const names = async (path: string): Promise<string[]> => {
      const opened = await open(path);
      // Whether a restored database takes writes is tried, which leaves a counter of that name.
      const rows = await opened.reader
        .selectFrom("counters")
        .select("name")
        .where("name", "!=", "probe")
        .orderBy("name")
        .execute();
      await opened.close();
      return rows.map(({ name }) => name);
    };
    expect(await names(file)).toEqual(["before"]);
    expect(await names(old ?? "")).toEqual(["after", "before"]);
    const fresh = join(folder, "fresh", "csms.db");
    expect(await restore(backup, fresh)).toBeUndefined();
    expect(await names(fresh)).toEqual(["before"]);
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
  });

  it("keeps what a killed process left in the log of the old database", async () => {
    const backup = join(folder, "backup");
    const source = await open(join(folder, "source.db"));
    await source.backup(backup);
    const { child, lines } = startWriter(file, 1);
    await lines.next();
    await lines.next();
    child.kill("SIGKILL");
    await once(child, "exit");
    const old = (await restore(backup)) ?? "";
    expect(existsSync(`${old}-wal`)).toBe(true);
    const [fresh, kept] = [await open(file), await open(old)];
    expect(await fresh.reader.selectFrom("counters").select("name").execute()).toEqual([{ name: "probe" }]);
    expect((await kept.reader.selectFrom("counters").selectAll().execute()).length).toBeGreaterThan(1);
  });

  it("changes nothing where the backup is damaged, not ours or newer", async () => {
    const store = await open();
    await store.write(store.reader.insertInto("counters").values(counterRow("a")));
    const newer = join(folder, "newer");
    const damaged = join(folder, "damaged");
    const foreign = join(folder, "foreign");
    await store.backup(damaged);
    writeFileSync(damaged, Buffer.alloc(9_000, 1), { flag: "r+" });
    writeFileSync(foreign, "");
    const other = await open(join(folder, "other.db"));
    await other.transaction((db) =>
      db
        .insertInto("schema_migrations" as never)
        .values({ name: "9999-later", timestamp: "2030-01-01" } as never)
        .execute(),
    );
    await other.backup(newer);
    await store.close();
    for (const backup of [newer, damaged, foreign]) await expect(restore(backup)).rejects.toBeInstanceOf(StoreError);
    await expect(restore(join(folder, "none"))).rejects.toThrow("none");
    const names = readdirSync(join(folder, "data")).filter((name) => !/-(?:wal|shm)$/.test(name));
    expect(names.toSorted()).toEqual(["csms.db", "csms.db.lock"]);
    expect(await (await open()).reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("a")]);
  });
});
