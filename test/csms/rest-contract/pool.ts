import type { Operation } from "./api-document.ts";
import type { Answer } from "./conformity.ts";
import { identities, spares, tokens } from "./world.ts";

/** What is known to exist: what the world was made with, and what answers have told since. */
export interface Pool {
  /** Values for a field of a body or query; those of a path by the segment before it, such as `jobs/id`. */
  of(field: string): readonly unknown[];
  /** Takes in what an answer tells. */
  harvest(operation: Operation, answer: Answer, link: string | null): void;
}

/** Fields that lead to other things, wherever they stand. */
const leads = /^(?:id|idToken|idTag|identity|name|messageId|commandId|jobId|transactionId|reservationId|key)$/;

/** What makes sense in fields of which a schema only says that they are texts or objects. */
const sense: Readonly<Record<string, readonly unknown[]>> = {
  chargePointId: identities,
  stationId: identities,
  stationIds: identities,
  filter: [{}],
  connectorId: [1, 2],
  evseId: [1, 2],
  idTag: tokens,
  idToken: tokens,
  action: ["ClearCache"],
  "calls/action": ["ClearCache"],
  payload: [{}],
  // The first period of a charging schedule starts at 0, which no schema says.
  startPeriod: [0],
  // The second is less than a millisecond.
  deadline: [0.3, 0.000_5],
  timeout: [1],
  since: ["2020-01-01T00:00:00Z", "2026-01-01"],
  until: ["2040-01-01T00:00:00Z", "2099-01-01"],
  startedSince: ["2020-01-01T00:00:00Z"],
  startedUntil: ["2040-01-01T00:00:00Z"],
  stoppedSince: ["2020-01-01T00:00:00Z"],
  stoppedUntil: ["2040-01-01T00:00:00Z"],
  startDate: ["2020-01-01"],
  endDate: ["2040-01-01"],
  expiresAt: ["2040-01-01T00:00:00Z"],
  expiryDate: ["2040-01-01T00:00:00Z"],
  kinds: ["transaction", "station"],
  url: ["http://127.0.0.1:9/hook"],
  isComplete: [true],
  complete: [true],
  password: ["a-password-of-a-station"],
};

/** Segments of paths that name the same things. */
const aliases: Readonly<Record<string, string>> = {
  "message/id": "commands/id",
};

/** Makes a pool that knows the world, and what it was given. */
export function createPool(given: Readonly<Record<string, readonly unknown[]>>): Pool {
  const found = new Map<string, unknown[]>();
  const add = (field: string, value: unknown): void => {
    const known = found.get(field) ?? [];
    if (known.includes(value)) return;
    // The newest first: the older ones may be gone.
    found.set(field, [value, ...known].slice(0, 8));
  };
  const take = (segment: string, row: unknown): void => {
    if (typeof row !== "object" || row === null) return;
    for (const [field, value] of Object.entries(row)) {
      if (!leads.test(field) || (typeof value !== "string" && typeof value !== "number")) continue;
      add(`${segment}/${field}`, value);
      if (field === "commandId") add("commands/id", value);
      if (field === "jobId") add("jobs/id", value);
    }
  };
  return {
    of: (field) => {
      const own = [...(sense[field] ?? []), ...(given[field] ?? [])];
      return [...own, ...(found.get(aliases[field] ?? field) ?? [])];
    },
    harvest: ({ path, name }, { status, type, text }, link) => {
      const cursor = /cursor=([^&>]+)[^>]*>; rel="next"/.exec(link ?? "")?.[1];
      if (cursor !== undefined) add(`${name} cursor`, decodeURIComponent(cursor));
      if (status >= 400 || type !== "application/json" || text === "") return;
      const body: unknown = JSON.parse(text);
      const segment = path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "";
      for (const row of Array.isArray(body) ? (body as unknown[]).slice(0, 5) : [body]) take(segment, row);
    },
  };
}

/** Stations for a path that has one: those that answer where it is asked something, and spare ones where it may be changed. */
export function stationsFor(operation: Operation, versions: readonly string[]): readonly string[] {
  const { path, method } = operation;
  if (/\/calls\/|^\/command\/|\/disconnect$/.test(path)) {
    const speaking = identities.filter(
      (identity) => versions.length === 0 || versions.some((one) => identity.endsWith(one)),
    );
    return speaking.length === 0 ? identities : speaking;
  }
  return method === "GET" ? [...identities, ...spares] : spares;
}
