import type { Connection, PoolClient, Submittable } from "pg";
import type { Write } from "../store.ts";
import { cutConnection } from "./silence.ts";

/** The names of the statements that a connection knows. */
export type Prepared = Set<string>;

/** Numbers statements, so that each connection compiles one once. */
export type StatementNames = (sql: string) => string | undefined;

/** How many statements get a name; what comes after them is compiled each time. */
const mostNames = 1_000;

/** Makes what gives out the names of statements. */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= mostNames) return known;
    const name = `w${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** The parts of pg's connection that are used, as they are. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { readonly name: string; readonly text: string }): void;
  close(message: { readonly type: "S"; readonly name: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly (string | null)[] }): void;
  execute(message: { readonly portal: string; readonly rows: number }): void;
  sync(): void;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : String(value as number | bigint);
}

interface Exchange extends Submittable {
  handleCommandComplete(message: { readonly text: string }): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleRowDescription(): void;
  handleDataRow(): void;
  handleEmptyQuery(): void;
}

/** The number at the end of a command's tag, such as `INSERT 0 1`. */
function countOf(tag: string): number {
  const count = Number(tag.slice(tag.lastIndexOf(" ") + 1));
  return Number.isNaN(count) ? 0 : count;
}

/**
 * Runs writes on a connection in one transaction and one round trip: all are sent before the first answer is read, with one
 * Sync at the end, up to which PostgreSQL commits all or nothing. Answers how many rows each changed. Where nothing at all comes
 * for `timeout` milliseconds, the connection is given up.
 */
export function runPipeline(
  client: PoolClient,
  writes: readonly Write[],
  names: StatementNames,
  prepared: Prepared,
  timeout: number,
): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const counts: number[] = [];
    const fresh = new Set<string>();
    let failure: Error | undefined;
    const timer = setTimeout(() => cutConnection(client, "No answer came in time"), timeout);
    const settle = (): void => {
      clearTimeout(timer);
      if (failure === undefined) {
        for (const name of fresh) prepared.add(name);
        resolve(counts);
      } else reject(failure);
    };
    const exchange: Exchange = {
      submit: (connection: Connection) => {
        const wire = connection as unknown as Wire;
        wire.stream.cork();
        for (const { sql, parameters } of writes) {
          const values = parameters.map(textOf);
          const name = names(sql) ?? "";
          if (!prepared.has(name) && !fresh.has(name)) {
            // Where a pipeline failed, it is not known which of its statements were compiled.
            if (name !== "") wire.close({ type: "S", name });
            wire.parse({ name, text: sql });
            if (name !== "") fresh.add(name);
          }
          wire.bind({ statement: name, values });
          wire.execute({ portal: "", rows: 0 });
        }
        wire.sync();
        wire.stream.uncork();
      },
      handleCommandComplete: ({ text }) => {
        counts.push(countOf(text));
        // Each answer shows that the server is at work.
        timer.refresh();
      },
      handleError: (error) => {
        failure ??= error;
        settle();
      },
      handleReadyForQuery: settle,
      handleRowDescription: () => {},
      handleDataRow: () => {},
      handleEmptyQuery: () => counts.push(0),
    };
    client.query(exchange);
  });
}
