import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Edition } from "../editions/edition.ts";
import { isJsonObject, type Json, parseJson, reasonOf } from "../json.ts";
import { readSet, type SchemaSet } from "../schemas/schema-set.ts";

/** Who sends a message: one side, or either. */
export type Sender = "station" | "csms" | "both";

/** What the schemas do not say of an action. */
export interface ActionFact {
  readonly action: string;
  readonly from: Sender;
  /** Functional block (2.x) or feature profile (1.6). */
  readonly block: string;
  /** Letter of the functional block in the specification, in 2.x. */
  readonly letter: string | undefined;
  /** Whether it travels as SEND and has no response. */
  readonly send: boolean;
}

/** All that one package is generated from. */
export interface Source {
  readonly edition: Edition;
  /** Folder of the schemas as messages name it, such as `schemas/2.0.1`. */
  readonly folder: string;
  readonly schemas: SchemaSet;
  readonly actions: readonly ActionFact[];
}

function fact(row: Json): ActionFact {
  if (!isJsonObject(row)) throw new Error("an action must be an object");
  const { action, from, block, letter, send = false } = row;
  if (typeof action !== "string" || typeof block !== "string") throw new Error("an action needs a name and a block");
  if (from !== "station" && from !== "csms" && from !== "both")
    throw new Error(`${action}: from must be "station", "csms" or "both"`);
  if (letter !== undefined && typeof letter !== "string") throw new Error(`${action}: letter must be a string`);
  if (typeof send !== "boolean") throw new Error(`${action}: send must be a boolean`);
  return { action, from, block, letter, send };
}

/** Reads the rows of an actions file, sorted by name; throws on a row that is not one and on a name that occurs twice. */
export function parseActions(text: string): ActionFact[] {
  const file = parseJson(text);
  if (!isJsonObject(file) || !Array.isArray(file["actions"])) throw new Error('expected { "actions": [...] }');
  const facts = file["actions"].map(fact).sort((a, b) => (a.action < b.action ? -1 : 1));
  facts.forEach(({ action }, index) => {
    if (facts[index + 1]?.action === action) throw new Error(`${action} occurs twice`);
  });
  return facts;
}

/** Reads schemas and actions of an edition from the `schemas` folder below `root`. */
export function readSource(root: string, edition: Edition): Source {
  const folder = `schemas/${edition.version}`;
  const schemas = readSet(join(root, folder));
  if (schemas.size === 0) throw new Error(`${folder}: no schemas; run pnpm schemas fetch`);
  const path = `schemas/actions/${edition.version}.json`;
  try {
    return { edition, folder, schemas, actions: parseActions(readFileSync(join(root, path), "utf8")) };
  } catch (error) {
    throw new Error(`${path}: ${reasonOf(error)}`, { cause: error });
  }
}
