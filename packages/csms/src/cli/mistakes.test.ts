import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAuthority, type TestAuthority } from "../../../websocket/src/server/certificates/authority.fixture.ts";
import { hasOpenssl } from "../../../websocket/src/server/certificates/certificates.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import { run } from "./terminal.fixture.ts";

/* What an operator may get wrong, and that each error says which file, database, host, port or line it is about. */

let folder: string;
const path = (name: string): string => join(folder, name);
const ports = ["--port", "0", "--api-port", "0"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "csms-mistakes-"));
  mkdirSync(path("folder"));
  writeFileSync(path("text.txt"), "Dear diary, nothing of this is a database, a certificate or a list.\n".repeat(3));
  const db = new Database(path("other.db"));
  db.exec("create table notes (id integer primary key)");
  db.close();
});

afterAll(() => {
  chmodSync(path("folder"), 0o700);
  rmSync(folder, { recursive: true });
});

/** The error of a run that must fail, and tell no password. */
async function errorOf(argv: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, err } = await run(folder, argv, { DB_PASSWORD: "planted-secret", ...env });
  expect(code, err).not.toBe(0);
  expect(err).not.toContain("planted-secret");
  return err;
}

describe("the database of the configuration", () => {
  it.each([
    ["a folder", "folder", "/folder is a folder: name a file for the database"],
    ["a text", "text.txt", "/text.txt is no SQLite database: name another file for the database"],
    ["that of another program", "other.db", "/other.db: The database holds tables of something else (notes)"],
    ["below a file", "text.txt/csms.db", "/text.txt/csms.db cannot be opened: check its folder and the rights on it"],
  ])("may be %s", async (_name, file, text) => {
    expect(await errorOf(["serve", ...ports, "--store-sqlite-path", file])).toContain(`${folder}${text}`);
  });

  const postgres = ["serve", ...ports, "--store-type", "postgres", "--store-postgres-host", "127.0.0.1"];
  it("may be on a server that is not there", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    await new Promise((resolve) => server.close(resolve));
    const argv = [...postgres, "--store-postgres-port", String(port), "--store-postgres-database", "evs"];
    const place = `PostgreSQL database "evs" at 127.0.0.1:${port}, user "postgres"`;
    expect(await errorOf(argv)).toContain(`${place}: The database cannot be reached, or went away (ECONNREFUSED)`);
  });

  it.for<readonly [readonly string[], string, string]>([
    [
      ["--store-postgres-database", "nosuch"],
      'PostgreSQL database "nosuch" at ',
      "There is no database of this name (3D000)",
    ],
    [
      ["--store-postgres-user", "nosuch"],
      ', user "nosuch": ',
      "The database does not let us in: check user and password (28",
    ],
  ])("may be one that the server does not have, or does not open to us: %j", async ([flags, place, text], context) => {
    const database = databases.find(({ kind }) => kind === "postgres");
    if (database === undefined) throw new Error("PostgreSQL is not among the databases");
    if (!(await database.isServer())) context.skip("What stands in for PostgreSQL takes every name");
    const location = (await database.location()) as { readonly url?: string };
    const { hostname, port } = new URL(location.url ?? "");
    const err = await errorOf([
      "serve",
      ...ports,
      "--store-type",
      "postgres",
      "--store-postgres-host",
      hostname,
      "--store-postgres-port",
      port,
      ...flags,
    ]);
    await database.remove();
    expect(err).toContain(place);
    expect(err).toContain(`${hostname}:${port}`);
    expect(err).toContain(text);
  });
});

describe("files of the configuration", () => {
  it("may be no folder for logs", async () => {
    const err = await errorOf(["serve", ...ports, "--log-folder", "text.txt"]);
    expect(err).toContain(`log.folder: log files cannot be written to ${path("text.txt")} (`);
  });

  it("may be no YAML: the line and the column are told", async () => {
    writeFileSync(path("bad.yaml"), "a: [1\n b: 2\n");
    expect(await errorOf(["serve", "--config", "bad.yaml"])).toContain(`file ${path("bad.yaml")}: line 1, column 5: `);
  });
});

describe.skipIf(!hasOpenssl())("files for TLS", () => {
  let authority: TestAuthority;
  let pair: { certFile: string; keyFile: string };
  let other: { keyFile: string };
  beforeAll(() => {
    authority = openAuthority();
    pair = authority.issue({ subject: "/CN=localhost" });
    other = authority.issue({ subject: "/CN=other" });
  }, 60_000);
  afterAll(() => authority.close());

  for (const [setting, flag] of [
    ["webSocket.tls", "web-socket-tls"],
    ["api.tls", "api-tls"],
  ] as const) {
    const start = (cert: string, key: string): Promise<string> =>
      errorOf(["serve", ...ports, `--${flag}-enabled`, `--${flag}-cert`, cert, `--${flag}-key`, key]);
    it(`of ${setting} may be missing, none, or belong to others`, async () => {
      expect(await start("gone.pem", pair.keyFile)).toContain(`${setting}.cert: there is no file ${path("gone.pem")}.`);
      expect(await start("text.txt", pair.keyFile)).toContain(
        `${setting}.cert: the file ${path("text.txt")} holds no certificate`,
      );
      expect(await start(pair.certFile, "text.txt")).toContain(
        `${setting}.key: the file ${path("text.txt")} holds no private key`,
      );
      expect(await start(pair.certFile, other.keyFile)).toContain(
        `${setting}: the key in ${other.keyFile} does not belong to the certificate in ${pair.certFile}`,
      );
    });
  }
});

describe("backups, exports and imports", () => {
  it("may be of something else, or go nowhere", async () => {
    const header = { product: "ocpp-csms", format: 1 };
    writeFileSync(path("lines.jsonl"), "nonsense\n");
    expect(await errorOf(["import", "lines.jsonl"])).toContain("lines.jsonl: Line 1 of the import is not JSON");
    writeFileSync(path("lines.jsonl"), `${JSON.stringify({ ...header, format: 99 })}\n`);
    expect(await errorOf(["import", "lines.jsonl"])).toContain("lines.jsonl: Line 1 of the import names format 99");
    expect(await errorOf(["import", "gone.jsonl"])).toContain("gone.jsonl");
    expect(await errorOf(["backup", "nowhere/b.db"])).toContain(
      `${path("nowhere/b.db")} cannot be written: there is no folder`,
    );
    expect(await errorOf(["restore", "text.txt", "--replace"])).toContain(path("text.txt"));
  });

  it("name the table and the column of a bad row", async () => {
    expect((await run(folder, ["export", "all.jsonl"])).code).toBe(0);
    const [header = ""] = readFileSync(path("all.jsonl"), "utf8").split("\n");
    const rows = [
      ["stations", { id: "A", registration: { odd: true } }],
      ["stations", { odd: 1 }],
      ["odd", {}],
    ];
    const texts = [
      "has a value in stations.registration that is neither text nor number",
      "names an unknown column of stations",
      "names an unknown table",
    ];
    for (const [index, row] of rows.entries()) {
      writeFileSync(path("rows.jsonl"), `${header}\n${JSON.stringify(row)}\n`);
      const text = `rows.jsonl: Line 2 of the import ${texts[index]}`;
      expect(await errorOf(["import", "rows.jsonl", "--merge"])).toContain(text);
    }
  });
});
