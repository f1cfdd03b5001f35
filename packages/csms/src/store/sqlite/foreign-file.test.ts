import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../open-store.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ocpp foreign #%?-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Makes a database of another program, and tells what lies in the folder then. */
function make(file: string, statements: readonly string[]): Record<string, string> {
  const db = new Database(file);
  for (const statement of statements) db.exec(statement);
  db.close();
  return contents();
}

function contents(): Record<string, string> {
  const digest = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, digest(name)]));
}

const open = async (file: string): Promise<void> => {
  const store = await openStore({ kind: "sqlite", file });
  await store.close();
};

describe("a file that is no database of the CSMS", () => {
  const foreign: readonly (readonly [string, readonly string[]])[] = [
    [
      "of another program",
      ["create table notes (id integer primary key, text text)", "insert into notes values (1, 'x')"],
    ],
    ["of another program, in WAL mode", ["pragma journal_mode = WAL", "create table notes (id integer)"]],
    [
      "of another program that migrates like this",
      ["create table schema_migrations (version text)", "create table users (id integer)"],
    ],
    [
      "of another program that migrates with names",
      [
        "create table schema_migrations (name text)",
        "insert into schema_migrations values ('20200101-users')",
        "create table users (id integer)",
      ],
    ],
    ["with a table named as one of ours", ["create table stations (id text)"]],
  ];
  it.each(foreign)("is refused and left as it is: one %s", async (_name, statements) => {
    const file = join(folder, "other.db");
    const before = make(file, statements);
    const table = /notes|users|stations/.exec(statements.at(-1) ?? statements[0] ?? "")?.[0] ?? "notes";
    await expect(open(file)).rejects.toMatchObject({
      code: "schema",
      message: expect.stringMatching(
        new RegExp(`other\\.db: The database holds tables of something else \\(.*${table}`),
      ) as string,
    });
    expect(contents()).toEqual(before);
  });

  it("is refused and left as it is: a text, and a folder", async () => {
    const text = join(folder, "notes.txt");
    writeFileSync(
      text,
      "Dear diary, this is longer than the header of a database, which has a hundred bytes. ".repeat(3),
    );
    mkdirSync(join(folder, "data"));
    await expect(open(text)).rejects.toThrow(`${text} is no SQLite database: name another file for the database`);
    await expect(open(join(folder, "data"))).rejects.toThrow(`${join(folder, "data")} is a folder: name a file`);
    expect(readdirSync(folder).toSorted()).toEqual(["data", "notes.txt"]);
  });

  it("is taken where it is empty, or ours, also when a start was cut off", async () => {
    const empty = join(folder, "empty.db");
    writeFileSync(empty, "");
    await open(empty);
    await open(empty);
    const cut = join(folder, "cut.db");
    make(cut, [
      "create table schema_migrations (name varchar(255) primary key not null, timestamp varchar(255) not null)",
      "create table schema_migrations_lock (id varchar(255) primary key not null, is_locked integer default 0 not null)",
      "insert into schema_migrations_lock values ('migration_lock', 0)",
    ]);
    await open(cut);
  });
});
