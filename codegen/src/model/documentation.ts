import type { Edition } from "../editions/edition.ts";
import { type MergedDocument, usedTypes } from "../merge/merge.ts";
import type { SchemaNode } from "../merge/schema-node.ts";
import type { ActionFact } from "../read/source.ts";
import { constraintOf } from "./constraint.ts";
import { paragraphs } from "./description.ts";
import type { FieldType } from "./model.ts";

/** What the schema says of a type or field, or else the sentence that the edition has for it. */
function said(node: SchemaNode, sentence: string | undefined): string[] {
  const text = node.description === undefined ? [] : paragraphs(node.description);
  return text.length > 0 || sentence === undefined ? text : [sentence];
}

/** Puts a constraint behind a short description, and below a long one. */
function withConstraint(text: readonly string[], constraint: string): string[] {
  const [only, ...more] = text;
  if (constraint === "") return [...text];
  if (only === undefined || more.length > 0 || only.includes("\n") || only.length > 240) return [...text, constraint];
  return [`${only}${/[.!?:]$/.test(only) ? "" : "."} ${constraint}`];
}

/** The doc comment of a field: what it means, what it may hold, and what its absence means. */
export function fieldDoc(owner: string, name: string, node: SchemaNode, type: FieldType, edition: Edition): string[] {
  const { fieldSentences } = edition;
  const constraint = constraintOf(type);
  const absence = node.default === undefined ? undefined : `Default: \`${String(node.default)}\`.`;
  return withConstraint(
    said(node, fieldSentences[`${owner}.${name}`] ?? fieldSentences[name]),
    [constraint, absence].filter((part) => part !== undefined).join(" "),
  );
}

/** The doc comment of a shared type; one that nobody described says where it is used. */
export function typeDoc(name: string, node: SchemaNode, { types }: MergedDocument, edition: Edition): string[] {
  const text = said(node, edition.sentences[name]);
  if (text.length > 0) return text;
  const users = [...types].filter(([, other]) => usedTypes(other).includes(name)).map(([user]) => `{@link ${user}}`);
  const last = users.pop();
  return last === undefined ? [] : [`Part of ${users.length === 0 ? last : `${users.join(", ")} and ${last}`}.`];
}

const parties = { station: "the station", csms: "the CSMS", both: "either side" };
const answerers = { station: "the CSMS", csms: "the station", both: "the other side" };

/** The doc comment of a message; the schemas describe none. */
export function messageDoc(
  { action, from, block, letter, send }: ActionFact,
  suffix: string,
  edition: Edition,
): string[] {
  const sentence = edition.sentences[action + suffix];
  if (sentence !== undefined) return [sentence];
  if (suffix === "Response") return [`What ${answerers[from]} answers to {@link ${action}Request}.`];
  const where = letter === undefined ? `profile ${block}` : `functional block ${letter}, ${block}`;
  return [`What ${parties[from]} sends as \`${action}\`${send ? ", which is not answered" : ""} (${where}).`];
}
