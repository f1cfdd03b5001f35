import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isSentByCsms } from "../../commands/check.ts";
import { versions } from "../../ocpp/versions/versions.ts";
import type { ApiDocument, DocumentPart } from "./document.ts";
import { callExamples } from "./examples.ts";

/** The path that stands for all actions. */
const genericPath = "/api/v1/stations/{id}/calls/{action}";

const resolver = createRequire(import.meta.url);

/** Keywords of the official schemas that say nothing to us: dialects, names that clash, and remarks of a generator. */
const dropped: readonly string[] = ["$schema", "$id", "comment", "javaType", "additionalItems", "definitions"];

/** Keywords that hold schemas by name, where a name is not a keyword. */
const named: readonly string[] = ["properties", "definitions"];

/** A schema of OCPP as the document has it: without what is dropped, and pointing to its components. */
function adopt(version: string, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one) => adopt(version, one));
  if (typeof schema !== "object" || schema === null) return schema;
  const result: DocumentPart = {};
  for (const [key, value] of Object.entries(schema)) {
    if (dropped.includes(key)) continue;
    if (key === "$ref" && typeof value === "string") {
      result[key] = value.replace("#/definitions/", `#/components/schemas/${version}.`);
    } else if (named.includes(key)) {
      result[key] = Object.fromEntries(
        Object.entries(value as object).map(([name, one]) => [name, adopt(version, one)]),
      );
    } else result[key] = adopt(version, value);
  }
  return result;
}

/** Reads a message's schema and puts it and its definitions into the components; what points to it. */
async function addMessage(schemas: DocumentPart, version: string, message: string): Promise<DocumentPart> {
  const file = resolver.resolve(`@ocpp/${version}/schemas/${message}.json`);
  const schema = JSON.parse(await readFile(file, "utf8")) as { definitions?: object };
  for (const [name, one] of Object.entries(schema.definitions ?? {})) {
    schemas[`${version}.${name}`] ??= adopt(version, one);
  }
  schemas[`${version}.${message}`] = adopt(version, schema);
  return { $ref: `#/components/schemas/${version}.${message}` };
}

function alternatives(schemas: readonly DocumentPart[]): DocumentPart {
  const [first] = schemas;
  return schemas.length === 1 && first !== undefined ? first : { anyOf: schemas };
}

function examplesOf(action: string): DocumentPart {
  const examples = Object.hasOwn(callExamples, action) ? callExamples[action] : undefined;
  if (examples === undefined) return {};
  const named = Object.entries(examples).map(([version, value]) => [
    version,
    { summary: versions.find(({ name }) => name === version)?.title, value },
  ]);
  return { examples: Object.fromEntries(named) };
}

/** The actions that a CSMS may send, in any version. */
export function callableActions(): string[] {
  const names = versions.flatMap(({ protocol }) =>
    Object.entries(protocol.actions)
      .filter(([, { from }]) => from !== "station")
      .map(([name]) => name),
  );
  return [...new Set(names)].sort();
}

/**
 * Adds a path to the document for each action that a CSMS may send, beside the one for all of them: its body is described by
 * the official schemas of the versions that know it. A payload may fit those of several versions, hence `anyOf`.
 */
export async function addCalls(document: ApiDocument): Promise<void> {
  const generic = document.paths[genericPath]?.["post"] as DocumentPart | undefined;
  if (generic === undefined) return;
  const { schemas } = document.components;
  for (const action of callableActions()) {
    const knowing = versions.filter(({ protocol }) => isSentByCsms(protocol, action)).toReversed();
    const requests: DocumentPart[] = [];
    for (const { name } of knowing) requests.push(await addMessage(schemas, name, `${action}Request`));
    const parameters = (generic["parameters"] as readonly DocumentPart[]).filter(({ name }) => name !== "action");
    document.paths[genericPath.replace("{action}", action)] = {
      post: {
        ...generic,
        operationId: `call${action}`,
        summary: `Send ${action} to a station and wait for its answer.`,
        description: `Of ${knowing.map(({ title }) => title).join(", ")}.\n\n${String(generic["description"])}`,
        parameters,
        requestBody: {
          required: true,
          content: { "application/json": { schema: alternatives(requests), ...examplesOf(action) } },
        },
      },
    };
  }
}
