import type { SourceFile, StatementStructures } from "ts-morph";
import type { FieldType, ObjectType } from "../model/model.ts";
import type { CompiledTypes } from "./compiled-types.ts";
import { interfaceOf } from "./interfaces.ts";
import { docComment } from "./layout.ts";

/** The one kind of open object: what it must have, and whatever a vendor adds, which is what the parameter is for. */
function openObject({ name, doc, fields }: ObjectType, types: CompiledTypes): string {
  const known = fields.map((field) => {
    const type = types.property(name, field.name);
    return field.required ? `${field.name}: ${type}` : `${field.name}?: ${type} | undefined`;
  });
  const example = [
    "```ts",
    `const extra: ${name}<{ slot: number }> = { ${fields[0]?.name}: "com.example", slot: 3 };`,
    "```",
  ].join("\n");
  const comment = docComment([
    ...doc,
    `Wherever a message takes ${name}, one with fields of a vendor fits. Name the fields to have them typed; of what arrives they are unknown until they are checked.`,
    example,
  ]);
  return [
    `${comment}export type ${name}<Vendor extends object = { [field: string]: unknown }> = { ${known.join("; ")} } & {\n`,
    "  [Field in keyof Vendor]: Vendor[Field];\n",
    "};",
  ].join("");
}

/** The declaration of an object type: an interface; an alias where it has no fields or is open. */
export function objectDeclaration(type: ObjectType, types: CompiledTypes): string | StatementStructures {
  if (type.open) return openObject(type, types);
  if (type.fields.length === 0) return `${docComment(type.doc)}export type ${type.name} = Record<string, never>;`;
  return interfaceOf(type, types);
}

/** Adds declarations to a file in one batch. */
export function addDeclarations(file: SourceFile, objects: readonly ObjectType[], types: CompiledTypes): void {
  file.addStatements(objects.map((type) => objectDeclaration(type, types)));
}

/** The named types that an object type's fields use. */
export function referencesOf({ fields }: ObjectType): string[] {
  const name = (type: FieldType): string[] =>
    type.kind === "object" || type.kind === "enum" ? [type.name] : type.kind === "array" ? name(type.items) : [];
  return fields.flatMap((field) => name(field.type));
}
