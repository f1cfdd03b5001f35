import type { Pool, PoolClient } from "pg";
import type { Write } from "../store.ts";
import { StoreError } from "../store-error.ts";
import type { StoreProblem } from "../store-options.ts";
import type { Outcome, Unit } from "../write-queue.ts";
import { createFence } from "./fence.ts";
import { createStatementNames, type Prepared, runPipeline } from "./pipeline.ts";
import { postgresError, sqlState } from "./postgres-error.ts";

/** How often units are tried again that PostgreSQL gave up for others. */
const attempts = 5;

/** Whether an error is the fault of a statement, so that others may still be persisted. */
function isRefusal({ code }: StoreError): boolean {
  return code === "constraint" || code === "failed";
}

/**
 * Makes what commits units in one transaction on a connection of a pool. A connection over which no answer comes for `timeout`
 * milliseconds is given up; what was under way on it then is rejected with `unavailable`, whatever became of it.
 */
export function createLane(
  pool: Pool,
  timeout: number,
  report: (problem: StoreProblem) => void,
): (units: readonly Unit[]) => Promise<readonly Outcome[]> {
  const names = createStatementNames();
  const known = new WeakMap<PoolClient, Prepared>();
  const fence = createFence(report);

  const run = async (client: PoolClient, writes: readonly Write[]): Promise<readonly number[]> => {
    const prepared = known.get(client) ?? new Set();
    known.set(client, prepared);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runPipeline(client, writes, names, prepared, timeout);
      } catch (error) {
        // Serialization failures and deadlocks: another transaction was in the way, and is through by now.
        if (!sqlState(error).startsWith("40") || attempt === attempts) throw postgresError(error);
      }
    }
  };

  const runApart = async (client: PoolClient, units: readonly Unit[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const { writes } of units) {
      try {
        outcomes.push(await run(client, writes));
      } catch (error) {
        const refusal = postgresError(error);
        if (!isRefusal(refusal)) throw refusal;
        outcomes.push(refusal);
      }
    }
    return outcomes;
  };

  const runTogether = async (client: PoolClient, units: readonly Unit[]): Promise<readonly Outcome[]> => {
    const counts = await run(
      client,
      units.flatMap(({ writes }) => writes),
    );
    let at = 0;
    return units.map(({ writes }) => {
      at += writes.length;
      return counts.slice(at - writes.length, at);
    });
  };

  return async (units) => {
    let client: PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw postgresError(error);
    }
    let broken = false;
    try {
      await fence.pass(client, timeout).catch((error: unknown) => {
        throw postgresError(error);
      });
      return await runTogether(client, units).catch((error: unknown) => {
        const failure = postgresError(error);
        if (!isRefusal(failure)) throw failure;
        return runApart(client, units);
      });
    } catch (error) {
      broken = true;
      // What the server has not answered to may be under way.
      if (error instanceof StoreError && sqlState(error.cause) === "") fence.abandon(client);
      throw error;
    } finally {
      client.release(broken);
    }
  };
}
