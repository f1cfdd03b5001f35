import * as fc from "fast-check";
import type { ApiDocument, ApiParameter, Operation } from "./api-document.ts";
import { type Pool, stationsFor } from "./pool.ts";
import { type ApiRequest, encode, textOf } from "./request.ts";
import { junk, nastyTexts, recordsOf, spoilt, valuesOf } from "./schema-arbitrary.ts";

/** A request that was generated, and what is known of it. */
export interface GeneratedRequest extends ApiRequest {
  /** The body before it became text; undefined where there is none. */
  readonly value: unknown;
}

/** What the pool has for a parameter: ids of paths by the segment before them, so that they are of the right sort. */
function knownFor(pool: Pool, operation: Operation, { name, in: place }: ApiParameter): readonly unknown[] {
  if (name === "cursor") return pool.of(`${operation.name} cursor`);
  if (place !== "path") return pool.of(name);
  const before = operation.path.split(`/{${name}}`)[0]?.split("/").at(-1) ?? "";
  if (/^(?:stations|charge-points|charger|command)$/.test(before)) return stationsFor(operation, operation.versions);
  const own = pool.of(`${operation.path} ${name}`);
  return own.length > 0 ? own : pool.of(`${before}/${name}`);
}

function parametersOf(
  document: ApiDocument,
  operation: Operation,
  pool: Pool,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = Object.fromEntries(
    operation.parameters.map((parameter) => [
      `${parameter.in} ${parameter.name}`,
      valuesOf(document, parameter.schema, () => knownFor(pool, operation, parameter)),
    ]),
  );
  const required = operation.parameters.filter((one) => one.required === true).map((one) => `${one.in} ${one.name}`);
  return recordsOf(fields, required);
}

function request(
  { method, path }: Operation,
  headers: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, unknown>>,
  value: unknown,
): GeneratedRequest {
  const parts = Object.entries(parameters).map(
    ([key, one]) => [...key.split(" "), textOf(one)] as [string, string, string],
  );
  const filled = path.replace(/\{([^}]+)\}/g, (_all, name: string) =>
    encode(parts.find(([place, own]) => place === "path" && own === name)?.[2] ?? ""),
  );
  const query = parts.filter(([place]) => place === "query").map(([, name, text]) => `${encode(name)}=${encode(text)}`);
  const more = parts
    .filter(([place]) => place === "header")
    // What is no header value never leaves the client.
    .map(([, name, text]) => [name, text.replace(/[^\x21-\x7e]/g, "")]);
  return {
    method,
    url: query.length === 0 ? filled : `${filled}?${query.join("&")}`,
    headers: { ...headers, ...(Object.fromEntries(more) as Record<string, string>) },
    body: value === undefined ? undefined : JSON.stringify(value),
    value,
  };
}

/** Requests as the document wants them. */
export function validRequests(
  document: ApiDocument,
  operation: Operation,
  pool: Pool,
  headers: Readonly<Record<string, string>>,
): fc.Arbitrary<GeneratedRequest> {
  const body =
    operation.body === undefined
      ? fc.constant(undefined)
      : valuesOf(document, operation.body, (field) => pool.of(field));
  return fc
    .tuple(parametersOf(document, operation, pool), body)
    .map(([parameters, value]) => request(operation, headers, parameters, value));
}

/** Requests with something wrong in the body, the query or the path. */
export function spoiltRequests(
  document: ApiDocument,
  operation: Operation,
  pool: Pool,
  headers: Readonly<Record<string, string>>,
): fc.Arbitrary<GeneratedRequest> {
  const { body } = operation;
  const parameters = parametersOf(document, operation, pool);
  const values = body === undefined ? undefined : valuesOf(document, body, (field) => pool.of(field));
  const spoiltParameters = fc
    .tuple(parameters, fc.nat(), fc.oneof(junk, fc.constantFrom(...nastyTexts)), fc.stringMatching(/^[a-z]{1,8}$/))
    .map(([all, at, other, name]) => {
      const keys = Object.keys(all);
      const key = keys[at % Math.max(1, keys.length)];
      return at % 3 === 0 || key === undefined ? { ...all, [`query ${name}`]: other } : { ...all, [key]: other };
    });
  const kinds = [
    fc
      .tuple(spoiltParameters, values ?? fc.constant(undefined))
      .map(([all, value]) => request(operation, headers, all, value)),
  ];
  if (values !== undefined) {
    kinds.push(
      fc.tuple(parameters, spoilt(values)).map(([all, value]) => request(operation, headers, all, value)),
      fc.tuple(parameters, junk).map(([all, value]) => request(operation, headers, all, value)),
    );
  }
  return fc.oneof(...kinds);
}
