import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** The server of PostgreSQL that tests use where it answers; the same as in the fixture of the stores. */
function serverUrl(): string {
  return process.env["OCPP_TEST_POSTGRES"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
}

/**
 * Names this run of the tests, and drops the databases that its workers made on a PostgreSQL server when it is over. Each
 * worker makes one and empties it after each use, since making and dropping one takes a second.
 */
export function setup(): () => Promise<void> {
  const run = randomBytes(4).toString("hex");
  process.env["OCPP_TEST_RUN"] = run;
  return async () => {
    if (process.env["OCPP_TEST_POSTGRES"] === "pglite") return;
    const client = new Client({ connectionString: serverUrl(), connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
    } catch {
      // There is no server, so nothing was made on it.
      return;
    }
    try {
      const { rows } = await client.query<{ datname: string }>(
        "select datname from pg_database where datname like $1",
        [`ocpp\\_test\\_${run}\\_%`],
      );
      for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
    } finally {
      await client.end();
    }
  };
}
