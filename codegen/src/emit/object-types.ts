import { type SourceFile, type StatementStructures, StructureKind, type TypeAliasDeclarationStructure } from "ts-morph";
import type { FieldType, ObjectType } from "../model/model.ts";
import type { CompiledTypes } from "./compiled-types.ts";
import { interfaceOf } from "./interfaces.ts";
import { docLines } from "./layout.ts";

function alias(
  { name, doc }: ObjectType,
  type: string,
  typeParameters: string[] = [],
  more: readonly string[] = [],
): TypeAliasDeclarationStructure {
  const lines = docLines([...doc, ...more], 0);
  const description = lines.length === 1 ? lines.join("") : `\n${lines.join("\n")}`;
  return { kind: StructureKind.TypeAlias, name, isExported: true, docs: [{ description }], typeParameters, type };
}

/** The one kind of open object: what it must have, and whatever a vendor adds, which is what the parameter is for. */
function openObject(type: ObjectType, types: CompiledTypes): TypeAliasDeclarationStructure {
  const fields = type.fields.map(
    ({ name, required }) =>
      `${name}${required ? "" : "?"}: ${types.property(type.name, name)}${required ? "" : " | undefined"}`,
  );
  return alias(
    type,
    `{ ${fields.join("; ")} } & { [Field in keyof Vendor]: Vendor[Field] }`,
    ["Vendor extends object = { [field: string]: unknown }"],
    [
      `Name the fields of a vendor to have them typed: \`const extra: ${type.name}<{ slot: number }> = { ${type.fields[0]?.name}: "com.example", slot: 3 }\`. Wherever a message takes ${type.name}, one with named fields fits; what arrives is unknown until it is checked.`,
    ],
  );
}

/** The declaration of an object type: an interface; an alias where it has no fields or is open. */
export function objectDeclaration(type: ObjectType, types: CompiledTypes): StatementStructures {
  if (type.open) return openObject(type, types);
  if (type.fields.length === 0) return alias(type, "Record<string, never>");
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
