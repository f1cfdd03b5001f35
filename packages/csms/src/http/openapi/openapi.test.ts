import type { RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resources } from "../../resources.ts";
import { testApi } from "../api.fixture.ts";
import { type ContractBench, contractBench } from "../contract.fixture.ts";
import type { Resource } from "../resource.ts";
import { schemaCompiler } from "../validation.ts";
import { callableActions } from "./calls.ts";
import { type ApiDocument, type DocumentPart, documentPath } from "./document.ts";
import { flaws } from "./rules.fixture.ts";

let bench: ContractBench;
let document: ApiDocument;
const routes: RouteOptions[] = [];

beforeAll(async () => {
  bench = await contractBench();
  const collect: Resource = (app) => {
    app.addHook("onRoute", (route) => void routes.push(route));
  };
  const alike = await testApi([collect, ...resources]);
  await alike.close();
  const { status, json } = await bench.ask("GET", "/openapi.json");
  expect(status).toBe(200);
  document = json as ApiDocument;
});

afterAll(async () => {
  await bench.close();
});

/** The body of a request in JSON, as far as it is looked at. */
interface BodyContent {
  readonly schema: { readonly examples?: readonly unknown[] };
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Everything in a document, with the way to it. */
function* parts(value: unknown, path = "#"): Generator<readonly [string, unknown]> {
  yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, one] of Object.entries(value)) yield* parts(one, `${path}/${key}`);
}

function operations(): (readonly [string, DocumentPart])[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation as DocumentPart] as const),
  );
}

describe("the document", () => {
  it("has the structure of OpenAPI 3.1", () => {
    expect(flaws(document)).toEqual([]);
  });

  it("points only to what is there", () => {
    const broken: string[] = [];
    for (const [path, value] of parts(document)) {
      if (!path.endsWith("/$ref") || typeof value !== "string") continue;
      const target = value
        .slice(2)
        .split("/")
        .reduce<unknown>((part, key) => (part as DocumentPart | undefined)?.[key], document);
      if (!value.startsWith("#/") || target === undefined) broken.push(`${path}: ${value}`);
    }
    expect(broken).toEqual([]);
  });

  it("has every route, and nothing else", () => {
    const wanted = routes.flatMap(({ method, url }) =>
      [method].flat().map((one) => `${one.toLowerCase()} ${documentPath(url)}`),
    );
    const expected = wanted.filter((name) => !/^(head|options) /.test(name));
    const calls = callableActions().map((action) => `post /api/v1/stations/{id}/calls/${action}`);
    expect(expected.length).toBeGreaterThan(60);
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual([...expected, ...calls, "get /openapi.json"].sort());
  });

  it("says of each operation what it does", () => {
    for (const [name, operation] of operations()) {
      expect(operation["operationId"], name).toMatch(/^\w+$/);
      expect(operation["summary"], name).toMatch(/^(?:Get|List|Create|Update|Delete|Start|Stop|Send) \w+/);
      expect(operation["tags"], name).toHaveLength(1);
    }
  });

  it("has an example of each body, which fits its schema", async () => {
    const compile = await schemaCompiler();
    let seen = 0;
    for (const [name, operation] of operations()) {
      const body = operation["requestBody"] as { content: Record<string, BodyContent> } | undefined;
      const content = body?.content["application/json"];
      if (content === undefined) continue;
      const { schema, examples = {} } = content;
      const given = [...(schema.examples ?? []), ...Object.values(examples).map(({ value }) => value)];
      expect(given.length, name).toBeGreaterThan(0);
      seen += 1;
      // Those of calls are checked against the official schemas beside the examples.
      if (name.includes("/calls/")) continue;
      const fits = compile({ schema, method: "", url: "" });
      for (const value of given)
        expect([name, fits(structuredClone(value)), fits.errors ?? []]).toEqual([name, true, []]);
    }
    expect(seen).toBeGreaterThan(70);
  });

  it("names each operation once", () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("describes the parameters of every path", () => {
    for (const [name, operation] of operations()) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, one]) => one);
      const described = ((operation["parameters"] ?? []) as DocumentPart[]).filter((one) => one["in"] === "path");
      expect(described.map((one) => one["name"]).sort(), name).toEqual(inPath.sort());
    }
  });
});

describe("calls", () => {
  it("have a path for every action that a CSMS may send", () => {
    const paths = Object.keys(document.paths)
      .filter((path) => path.startsWith("/api/v1/stations/{id}/calls/") && !path.endsWith("}"))
      .map((path) => path.split("/").at(-1));
    expect(paths).toEqual(callableActions());
    expect(paths).toContain("GetConfiguration");
    expect(paths).toContain("SetVariables");
    expect(paths).toContain("SetDERControl");
    expect(paths).not.toContain("BootNotification");
  });

  it("are described by the official schemas of all versions that know the action", async () => {
    const operation = document.paths["/api/v1/stations/{id}/calls/Reset"]?.["post"] as {
      requestBody: { content: { "application/json": { schema: unknown } } };
    };
    expect(operation.requestBody.content["application/json"].schema).toEqual({
      anyOf: ["v16", "v201", "v21"].map((version) => ({ $ref: `#/components/schemas/${version}.ResetRequest` })),
    });
    const compile = await schemaCompiler();
    const reset = compile({
      schema: document.components.schemas["v16.ResetRequest"] as object,
      method: "",
      url: "",
    });
    expect(reset({ type: "Soft" })).toBe(true);
    expect(reset({ type: "OnIdle" })).toBe(false);
  });
});

describe("the page", () => {
  it("needs nothing from elsewhere", async () => {
    const { status, text, headers } = await bench.ask("GET", "/docs");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      const answer = await bench.ask("GET", `/${source ?? ""}`);
      expect(answer.status, source).toBe(200);
      expect(answer.text.length, source).toBeGreaterThan(50);
    }
  });
});
