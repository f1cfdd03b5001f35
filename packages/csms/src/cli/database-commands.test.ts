import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { databases, type TestDatabase } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { run } from "./terminal.fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csms-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sqlite = (name = "ocpp.db"): string => join(folder, "data", name);

async function withSqlite<T>(work: (store: Store) => Promise<T>, file: string = sqlite()): Promise<T> {
  const store = await openStore({ kind: "sqlite", file });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function addUnknown(store: Store, identity: string): Promise<unknown> {
  const values = { identity, first_at: 1, last_at: 2, attempts: 3, remote_address: "::1", subprotocols: "" };
  return store.write(store.reader.insertInto("knocks").values(values));
}

async function unknownStations(store: Store): Promise<string[]> {
  const rows = await store.reader.selectFrom("knocks").select("identity").orderBy("identity").execute();
  return rows.map(({ identity }) => identity);
}

describe("backup and restore of SQLite", () => {
  test("go round, beside a process that has the database, and keep what was there", async () => {
    const backup = await withSqlite(async (store) => {
      await addUnknown(store, "CS1");
      const backup = await run(folder, ["backup", "b.db"]);
      await addUnknown(store, "CS2");
      expect((await run(folder, ["restore", "b.db", "--replace"])).err).toContain("in use");
      return backup;
    });
    expect(backup).toEqual({ code: 0, out: "", err: `The backup is in ${join(folder, "b.db")}.` });
    expect(statSync(join(folder, "b.db")).mode & 0o777).toBe(0o600);

    const refused = await run(folder, ["restore", "b.db"]);
    expect([refused.code, refused.err.includes("--replace")]).toEqual([1, true]);
    expect(await withSqlite(unknownStations)).toEqual(["CS1", "CS2"]);

    const restored = await run(folder, ["restore", "b.db", "--replace"]);
    expect(restored.code).toBe(0);
    expect(await withSqlite(unknownStations)).toEqual(["CS1"]);
    const aside = /is (\S+) now\.$/.exec(restored.err)?.[1] ?? "";
    expect(await withSqlite(unknownStations, aside)).toEqual(["CS1", "CS2"]);
    expect(readdirSync(join(folder, "data")).filter((name) => name.includes("restoring"))).toEqual([]);
  });

  test("restore makes the database where there is none", async () => {
    await withSqlite((store) => addUnknown(store, "CS1"));
    expect((await run(folder, ["backup", "b.db"])).code).toBe(0);
    expect((await run(folder, ["restore", "b.db", "--data", "other/place"])).code).toBe(0);
    expect(await withSqlite(unknownStations, join(folder, "other/place/ocpp.db"))).toEqual(["CS1"]);
  });

  test("never overwrite, and refuse what is none of ours", async () => {
    await withSqlite((store) => addUnknown(store, "CS1"));
    writeFileSync(join(folder, "b.db"), "mine");
    const overwrite = await run(folder, ["backup", "b.db"]);
    expect([overwrite.code, readFileSync(join(folder, "b.db"), "utf8")]).toEqual([1, "mine"]);
    writeFileSync(join(folder, "false.db"), "SQLite format 3\0and then nothing of the kind".repeat(100));
    for (const name of ["b.db", "false.db", "missing.db"]) {
      const { code, err } = await run(folder, ["restore", name, "--replace"]);
      expect([code, err.length > 0], name).toEqual([1, true]);
    }
    expect(await withSqlite(unknownStations)).toEqual(["CS1"]);
    expect((await run(folder, ["backup", "c.db", "--data", "nowhere"])).err).toContain("There is no database");
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  test("tell what the system says", async () => {
    writeFileSync(join(folder, "data"), "");
    const { code, err } = await run(folder, ["export"]);
    expect([code, err.split("\n").length]).toEqual([1, 1]);
  });
});

describe("export and import", () => {
  test("go round by files, compressed or not", async () => {
    await withSqlite((store) => addUnknown(store, "CS1"));
    for (const name of ["e.jsonl", "e.jsonl.gz"]) {
      const exported = await run(folder, ["export", name]);
      expect([exported.code, exported.err.endsWith(`Exported to ${name}.`)]).toEqual([0, true]);
      const imported = await run(folder, ["import", name, "--data", `from-${name}`]);
      expect(imported).toEqual({
        code: 0,
        out: "",
        err: expect.stringMatching(/\d+ rows read, \d+ added\.$/) as unknown,
      });
      expect(await withSqlite(unknownStations, join(folder, `from-${name}/ocpp.db`))).toEqual(["CS1"]);
    }
    const plain = readFileSync(join(folder, "e.jsonl"), "utf8");
    expect(gunzipSync(readFileSync(join(folder, "e.jsonl.gz"))).toString()).toBe(plain);
  });

  test("refuse a database that is not empty, unless told to merge", async () => {
    await withSqlite((store) => addUnknown(store, "CS1"));
    await run(folder, ["export", "e.jsonl"]);
    expect((await run(folder, ["import", "e.jsonl"])).code).toBe(1);
    expect((await run(folder, ["import", "e.jsonl", "--merge"])).err).toContain("0 added");
  });

  test("refuse what breaks off, compressed or not", async () => {
    await withSqlite((store) => addUnknown(store, "CS1"));
    await run(folder, ["export", "e.jsonl"]);
    const text = readFileSync(join(folder, "e.jsonl"), "utf8");
    writeFileSync(join(folder, "cut.jsonl"), text.slice(0, -20));
    writeFileSync(join(folder, "cut.gz"), gzipSync(text).subarray(0, -20));
    for (const name of ["cut.jsonl", "cut.gz", "missing.jsonl"]) {
      const { code, err } = await run(folder, ["import", name, "--data", `from-${name}`]);
      expect([code, err.length > 0], name).toEqual([1, true]);
    }
  });
});

describe("with PostgreSQL", () => {
  const postgres = databases.find(({ kind }) => kind === "postgres") as TestDatabase;
  afterEach(() => postgres.remove());

  async function variables(): Promise<Record<string, string>> {
    const location = await postgres.location();
    if (location.kind !== "postgres") throw new TypeError("PostgreSQL was asked for");
    const { hostname, port, username, password, pathname } = new URL(location.url ?? "postgres://postgres:x@127.0.0.1");
    return {
      DB_TYPE: "postgres",
      DB_HOST: location.host ?? hostname,
      DB_PORT: String(location.port ?? port),
      DB_USER: location.user ?? username,
      DB_PASSWORD: location.password ?? (password || "any"),
      DB_NAME: location.database ?? pathname.slice(1),
    };
  }

  test("a backup of either database goes into the other", async () => {
    const env = await variables();
    await withSqlite((store) => addUnknown(store, "CS1"));
    expect((await run(folder, ["backup", "b.db"])).code).toBe(0);
    const there = await run(folder, ["restore", "b.db"], env);
    expect(there).toEqual({ code: 0, out: "", err: expect.stringContaining("Restored") as unknown });
    const store = await postgres.open();
    expect(await unknownStations(store)).toEqual(["CS1"]);
    await addUnknown(store, "CS2");
    expect((await run(folder, ["backup", "p.gz"], env)).code).toBe(0);
    await store.close();
    expect((await run(folder, ["restore", "p.gz"], env)).err).toContain("not empty");
    expect((await run(folder, ["restore", "p.gz", "--replace"])).code).toBe(0);
    expect(await withSqlite(unknownStations)).toEqual(["CS1", "CS2"]);
  });
});
