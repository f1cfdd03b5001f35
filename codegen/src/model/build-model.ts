import type { Edition } from "../editions/edition.ts";
import { type MergedDocument, usedTypes } from "../merge/merge.ts";
import type { SchemaNode } from "../merge/schema-node.ts";
import type { ActionFact, Source } from "../read/source.ts";
import { constraintOf } from "./constraint.ts";
import { paragraphs } from "./description.ts";
import type { ActionModel, EnumType, Field, FieldType, Model, ObjectType } from "./model.ts";
import { checkNames } from "./name-collision.ts";
import { tolerancesOf } from "./tolerances.ts";

/** The field type that a schema describes. Enums and objects are references here, merging has named them all. */
export function fieldType(node: SchemaNode): FieldType {
  const { minimum, maximum } = node;
  if (node.$ref !== undefined) return { kind: "reference", name: node.$ref };
  switch (node.type) {
    case "string":
      if (node.format !== undefined) return { kind: node.format };
      return { kind: "string", maxLength: node.maxLength };
    case "integer":
      return { kind: "integer", minimum, maximum };
    case "number":
      if (node.multipleOf !== undefined) return { kind: "multiple", of: node.multipleOf };
      return { kind: "number", minimum, maximum };
    case "array":
      return { kind: "array", items: fieldType(node.items ?? {}), minItems: node.minItems, maxItems: node.maxItems };
    case "boolean":
      return { kind: "boolean" };
    default:
      return { kind: "any" };
  }
}

function fieldDoc(owner: string, name: string, node: SchemaNode, edition: Edition): string[] {
  const { fieldSentences } = edition;
  const sentence = fieldSentences[`${owner}.${name}`] ?? fieldSentences[name];
  const said = node.description === undefined ? [] : paragraphs(node.description);
  const constraint = [
    constraintOf(fieldType(node)),
    node.default === undefined ? undefined : `Default: \`${String(node.default)}\`.`,
  ].filter((part) => part !== undefined);
  const text = said.length > 0 || sentence === undefined ? said : [sentence];
  return withConstraint(text, constraint.join(" "));
}

/** Puts a constraint behind a short description, and below a long one. */
function withConstraint(text: readonly string[], constraint: string): string[] {
  const [only, ...more] = text;
  if (constraint === "") return [...text];
  if (only === undefined || more.length > 0 || only.includes("\n") || only.length > 240) return [...text, constraint];
  return [`${only}${/[.!?:]$/.test(only) ? "" : "."} ${constraint}`];
}

function objectType(name: string, node: SchemaNode, doc: readonly string[], edition: Edition): ObjectType {
  const required = new Set(node.required);
  const fields = Object.entries(node.properties ?? {}).map(
    ([field, child]): Field => ({
      name: field,
      required: required.has(field),
      type: fieldType(child),
      doc: fieldDoc(name, field, child, edition),
    }),
  );
  // Required fields first and customData last: the order in which a reader looks for them.
  const rank = (field: Field): number => (field.name === "customData" ? 2 : field.required ? 0 : 1);
  return {
    kind: "object",
    name,
    doc,
    fields: fields.sort((a, b) => rank(a) - rank(b)),
    open: node.additionalProperties === true,
  };
}

function enumType(name: string, node: SchemaNode, doc: readonly string[], { edition, tolerances }: Context): EnumType {
  const bits = new Map(tolerances);
  const tolerated = edition.errata
    .filter(({ type }) => type === name)
    .map(({ tolerance, value }) => ({ bit: bits.get(tolerance) ?? 0, value }));
  return { kind: "enum", name, doc, values: node.enum ?? [], tolerated };
}

interface Context {
  readonly edition: Edition;
  readonly tolerances: readonly (readonly [string, number])[];
}

const parties = { station: "the station", csms: "the CSMS", both: "either side" };
const answerers = { station: "the CSMS", csms: "the station", both: "the other side" };

/** What can be said of a shared type when nobody described it: where it is used. */
function usage(name: string, { types }: MergedDocument): string[] {
  const users = [...types].filter(([, node]) => usedTypes(node).includes(name)).map(([user]) => `{@link ${user}}`);
  const last = users.pop();
  return last === undefined ? [] : [`Part of ${users.length === 0 ? last : `${users.join(", ")} and ${last}`}.`];
}

/** What can be said of a message when nobody described it. */
function messageDoc({ action, from, block, letter, send }: ActionFact, isRequest: boolean): string {
  if (!isRequest) return `What ${answerers[from]} answers to {@link ${action}Request}.`;
  const where = letter === undefined ? `profile ${block}` : `functional block ${letter}, ${block}`;
  return `What ${parties[from]} sends as \`${action}\`${send ? ", which is not answered" : ""} (${where}).`;
}

function actionsOf(source: Source, merged: MergedDocument): ActionModel[] {
  const { edition } = source;
  const left = new Set(merged.messages);
  const message = (fact: ActionFact, suffix: "Request" | "Response"): ObjectType => {
    const name = fact.action + suffix;
    const node = merged.types.get(name);
    if (node === undefined || !left.delete(name))
      throw new Error(
        `schemas/actions/${edition.version}.json: ${fact.action} has no schema ${name} in ${source.folder}`,
      );
    const sentence = edition.sentences[name];
    return objectType(name, node, [sentence ?? messageDoc(fact, suffix === "Request")], edition);
  };
  const actions = source.actions.map((fact): ActionModel => {
    const { action, from, block, letter, send } = fact;
    return {
      name: action,
      from,
      block,
      letter,
      request: message(fact, "Request"),
      response: send ? undefined : message(fact, "Response"),
    };
  });
  for (const name of left)
    throw new Error(`${source.folder}/${name}.json: schemas/actions/${edition.version}.json has no action for it`);
  return actions;
}

/** Says of a merged document what the emitters need, the actions included. Pure. */
export function buildModel(source: Source, merged: MergedDocument): Model {
  const { edition } = source;
  const context: Context = { edition, tolerances: tolerancesOf(edition) };
  const messages = new Set(merged.messages);
  const shared: ObjectType[] = [];
  const enums: EnumType[] = [];
  for (const [name, node] of merged.types) {
    if (messages.has(name)) continue;
    const said = node.description === undefined ? [] : paragraphs(node.description);
    const sentence = edition.sentences[name];
    const doc = said.length > 0 ? said : sentence === undefined ? usage(name, merged) : [sentence];
    if (node.enum === undefined) shared.push(objectType(name, node, doc, edition));
    else enums.push(enumType(name, node, doc, context));
  }
  const known = new Set(enums.map(({ name }) => name));
  for (const { type, tolerance } of edition.errata)
    if (!known.has(type)) throw new Error(`edition ${edition.version}: erratum ${tolerance} names no enum: ${type}`);
  const model: Model = { edition, actions: actionsOf(source, merged), shared, enums, tolerances: context.tolerances };
  checkNames(model);
  return model;
}
