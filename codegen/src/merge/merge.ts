import type { Source } from "../read/source.ts";
import { canonical } from "../schemas/digest.ts";
import { hoistInline } from "./hoist-inline.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaError } from "./schema-error.ts";
import { isNamed, type SchemaNode } from "./schema-node.ts";

/** All messages and shared types of a version in one document: every named body once, every use of it a `$ref`. */
export interface MergedDocument {
  /** Names of the message types, in the order of their files. */
  readonly messages: readonly string[];
  /** Every type by name: messages, objects and enums. `$ref` holds such a name. */
  readonly types: ReadonlyMap<string, SchemaNode>;
}

interface Entry {
  readonly node: SchemaNode;
  readonly file: string;
}

const refPrefix = "#/definitions/";

/** The type name of a definition; `Type` at the end says nothing. */
const typeName = (definition: string): string => definition.replace(/Type$/, "");

/** The type name of a message; the one message that has no answer is a request like the others. */
const messageTypeName = (message: string): string =>
  /(Request|Response)$/.test(message) ? message : `${message}Request`;

/** Replaces what `$ref` holds by a type name, after checking that it exists in the same file. */
function withTypeNames(node: SchemaNode, known: ReadonlySet<string>, file: string): SchemaNode {
  const { $ref, properties, items } = node;
  if ($ref !== undefined) {
    const name = $ref.slice(refPrefix.length);
    if (!$ref.startsWith(refPrefix) || !known.has(name)) throw new SchemaError(file, "", `unresolved $ref ${$ref}`);
    return { $ref: typeName(name) };
  }
  if (items !== undefined) return { ...node, items: withTypeNames(items, known, file) };
  if (properties === undefined) return node;
  const entries = Object.entries(properties).map(([name, child]) => [name, withTypeNames(child, known, file)]);
  return { ...node, properties: Object.fromEntries(entries) };
}

/** What a type accepts; the descriptions of some enums differ from copy to copy. */
const structure = (node: SchemaNode): string => JSON.stringify(canonical(node));

/**
 * Adds a type, or checks that it says the same as the one that has the name already; of the descriptions the first one
 * counts.
 */
function add(types: Map<string, Entry>, name: string, node: SchemaNode, file: string): void {
  const other = types.get(name);
  if (other === undefined) {
    types.set(name, { node, file });
    return;
  }
  if (structure(other.node) !== structure(node))
    throw new SchemaError(file, "", `${name} differs from the ${name} of ${other.file}`);
  if (other.node.description === undefined && node.description !== undefined)
    types.set(name, { node, file: other.file });
}

/** Stops on types that contain themselves: the depth of every message must be bounded. */
function refuseRecursion(types: ReadonlyMap<string, Entry>): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const entry = types.get(name);
    if (entry === undefined || done.has(name)) return;
    if (path.includes(name)) throw new SchemaError(entry.file, "", `${[...path, name].join(" > ")} is recursive`);
    for (const used of usedTypes(entry.node)) visit(used, [...path, name]);
    done.add(name);
  };
  for (const name of types.keys()) visit(name, []);
}

/** Names of the types that a schema refers to, directly or in its items and properties. */
export function usedTypes({ $ref, items, properties }: SchemaNode): string[] {
  if ($ref !== undefined) return [$ref];
  return [...(items === undefined ? [] : [items]), ...Object.values(properties ?? {})].flatMap(usedTypes);
}

/** Makes one document of the schemas of a version. Pure; throws a {@link SchemaError} on malformed or conflicting ones. */
export function merge({ edition, folder, schemas }: Source): MergedDocument {
  const types = new Map<string, Entry>();
  const messages: string[] = [];
  for (const [message, text] of schemas) {
    const file = `${folder}/${message}.json`;
    const { root, definitions } = parseSchema(text, file);
    const known = new Set(definitions.keys());
    const take = (name: string, node: SchemaNode): void => {
      const hoisted = hoistInline(name, withTypeNames(node, known, file), edition.inlineNames, file);
      for (const [inner, body] of hoisted.types) add(types, inner, body, file);
      add(types, name, hoisted.node, file);
    };
    for (const [definition, node] of definitions) {
      if (!isNamed(node)) throw new SchemaError(file, `/definitions/${definition}`, "is neither an object nor an enum");
      take(typeName(definition), node);
    }
    const name = messageTypeName(message);
    if (types.has(name)) throw new SchemaError(file, "", `${name} is also a type of ${types.get(name)?.file}`);
    take(name, root);
    messages.push(name);
  }
  refuseRecursion(types);
  const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  return { messages, types: new Map(sorted.map(([name, { node }]) => [name, node])) };
}
