import type { Edition } from "../editions/edition.ts";
import type { MergedDocument } from "../merge/merge.ts";
import type { SchemaNode } from "../merge/schema-node.ts";
import type { ActionFact, Source } from "../read/source.ts";
import { fieldDoc, messageDoc, typeDoc } from "./documentation.ts";
import { fieldType } from "./field-type.ts";
import type { ActionModel, EnumType, Field, Model, ObjectType } from "./model.ts";
import { checkNames } from "./name-collision.ts";
import { tolerancesOf } from "./tolerances.ts";

interface Context {
  readonly edition: Edition;
  readonly merged: MergedDocument;
  readonly tolerances: Model["tolerances"];
}

function objectType(name: string, node: SchemaNode, doc: readonly string[], { edition, merged }: Context): ObjectType {
  const required = new Set(node.required);
  const fields = Object.entries(node.properties ?? {}).map(([field, child]): Field => {
    const type = fieldType(child, merged.types);
    return { name: field, required: required.has(field), type, doc: fieldDoc(name, field, child, type, edition) };
  });
  // Required fields first and customData last: the order in which a reader looks for them.
  const rank = (field: Field): number => (field.name === "customData" ? 2 : field.required ? 0 : 1);
  const ordered = fields.sort((a, b) => rank(a) - rank(b));
  return { kind: "object", name, doc, fields: ordered, open: node.additionalProperties === true };
}

function enumType(name: string, node: SchemaNode, doc: readonly string[], { edition, tolerances }: Context): EnumType {
  const bits = new Map(tolerances);
  const tolerated = edition.errata
    .filter(({ type }) => type === name)
    .map(({ tolerance, value }) => ({ bit: bits.get(tolerance) ?? 0, value }));
  return { kind: "enum", name, doc, values: node.enum ?? [], tolerated };
}

function actionsOf({ folder, actions }: Source, context: Context): ActionModel[] {
  const { edition, merged } = context;
  const path = `schemas/actions/${edition.version}.json`;
  const left = new Set(merged.messages);
  const message = (fact: ActionFact, suffix: "Request" | "Response"): ObjectType => {
    const name = fact.action + suffix;
    const node = merged.types.get(name);
    if (node === undefined || !left.delete(name))
      throw new Error(`${path}: ${fact.action} has no schema ${name} in ${folder}`);
    return objectType(name, node, messageDoc(fact, suffix, edition), context);
  };
  const models = actions.map((fact): ActionModel => {
    const { action: name, from, block, letter, send } = fact;
    const request = message(fact, "Request");
    return { name, from, block, letter, request, response: send ? undefined : message(fact, "Response") };
  });
  for (const name of left) throw new Error(`${folder}/${name}.json: ${path} has no action for it`);
  return models;
}

/** Says of a merged document what the emitters need, the actions included. Pure. */
export function buildModel(source: Source, merged: MergedDocument): Model {
  const { edition } = source;
  const tolerances = tolerancesOf(edition);
  const context: Context = { edition, merged, tolerances };
  const messages = new Set(merged.messages);
  const shared: ObjectType[] = [];
  const enums: EnumType[] = [];
  for (const [name, node] of merged.types) {
    if (messages.has(name)) continue;
    const doc = typeDoc(name, node, merged, edition);
    if (node.enum === undefined) shared.push(objectType(name, node, doc, context));
    else enums.push(enumType(name, node, doc, context));
  }
  const known = new Set(enums.map(({ name }) => name));
  for (const { type, tolerance } of edition.errata)
    if (!known.has(type)) throw new Error(`edition ${edition.version}: erratum ${tolerance} names no enum: ${type}`);
  const model: Model = { edition, actions: actionsOf(source, context), shared, enums, tolerances };
  checkNames(model);
  return model;
}
