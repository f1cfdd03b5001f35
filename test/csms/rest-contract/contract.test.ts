import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedOf } from "../../sdk/oracle/draw.ts";
import { postgresDatabase, postgresMissing } from "../durability/database.ts";
import { type ApiDocument, type Operation, operationsOf, readDocument } from "./api-document.ts";
import { type Conformity, conformityOf } from "./conformity.ts";
import { createPool, type Pool } from "./pool.ts";
import { send } from "./request.ts";
import { type GeneratedRequest, spoiltRequests, validRequests } from "./requests.ts";
import { adminKey, makeWorld, type World } from "./world.ts";

/** How many requests of each kind each operation gets: 3, or what `OCPP_CONTRACT_RUNS` says. */
const runs = Number(process.env["OCPP_CONTRACT_RUNS"] ?? 3);
/** The same requests each time, unless `OCPP_CONTRACT_SEED` says otherwise. */
const seed = Number(process.env["OCPP_CONTRACT_SEED"] ?? 20_261_124);

const headers = { "x-api-key": adminKey };

const noPostgres = await postgresMissing();
const databases = [
  { name: "SQLite", missing: undefined },
  { name: "PostgreSQL", missing: noPostgres },
];

describe.each(databases)("REST on $name, called by its document", ({ name, missing }) => {
  let world: World;
  let document: ApiDocument;
  let operations: Operation[];
  let conformity: Conformity;
  let pool: Pool;
  let removeDatabase: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    if (missing !== undefined) return;
    if (name === "PostgreSQL") {
      const database = await postgresDatabase();
      removeDatabase = () => database.remove();
      const { DB_HOST: host = "", DB_PORT: port, DB_USER: user = "", DB_NAME: own = "" } = database.variables;
      world = await makeWorld({ type: "postgres", postgres: { host, port: Number(port), user, database: own } });
    } else world = await makeWorld();
    document = await readDocument(world.apiUrl);
    // What removes things comes last, so that the others find some.
    const all = operationsOf(document);
    operations = [
      ...all.filter(({ method }) => method !== "DELETE"),
      ...all.filter(({ method }) => method === "DELETE"),
    ];
    conformity = conformityOf(document);
    pool = createPool(world.given);
  });
  afterAll(async () => {
    await world?.close();
    await removeDatabase();
  });

  /** Sends what was generated for each operation; tells what is wrong, and how operations ended that never succeeded. */
  const run = async (
    generate: (operation: Operation) => fc.Arbitrary<GeneratedRequest>,
    judge: (operation: Operation, request: GeneratedRequest, status: number) => string | undefined,
    mustSucceed: boolean,
  ): Promise<{ readonly findings: string[]; readonly failed: Map<string, string> }> => {
    const findings: string[] = [];
    const failed = new Map<string, string>();
    for (const operation of operations) {
      // The number of 1.6 transactions stays small: only what ends or removes something is given something new.
      if (operation.method !== "GET" && !operation.path.includes("/calls/")) await world.restore();
      let succeeded = false;
      const samples = fc.sample(generate(operation), {
        numRuns: Math.max(64, runs * 8),
        seed: seed ^ seedOf(operation.name),
      });
      for (const [index, request] of samples.entries()) {
        // Where nothing has succeeded yet, it is tried for longer.
        if (index >= runs && (succeeded || !mustSucceed)) break;
        const answer = await send(world.apiUrl, request);
        pool.harvest(operation, answer, answer.link);
        if (answer.status < 400) succeeded = true;
        else failed.set(operation.name, `${request.url} ${request.body ?? ""} → ${answer.text}`);
        const wrong = conformity.judge(operation, answer) ?? judge(operation, request, answer.status);
        if (wrong !== undefined) {
          findings.push(
            `${request.method} ${request.url} ${request.body?.slice(0, 300) ?? ""} → ${answer.status}: ${wrong}`,
          );
          break;
        }
      }
      if (succeeded) failed.delete(operation.name);
    }
    return { findings, failed };
  };

  it.skipIf(missing !== undefined)(
    `answers valid requests as documented, and each operation does what it is for${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const { findings, failed } = await run(
        (operation) => validRequests(document, operation, pool, headers),
        () => undefined,
        true,
      );
      expect.soft(findings).toEqual([]);
      expect([...failed]).toEqual([]);
    },
    300_000,
  );

  it.skipIf(missing !== undefined)(
    `refuses invalid requests as documented${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const { findings } = await run(
        (operation) => spoiltRequests(document, operation, pool, headers),
        ({ body }, { value }, status) => {
          const refused = status >= 400 && status < 500;
          if (body === undefined || value === undefined || refused || conformity.allows(body, value)) return undefined;
          return "the body is not what the document allows, and was taken";
        },
        false,
      );
      expect(findings).toEqual([]);
    },
    300_000,
  );
});
