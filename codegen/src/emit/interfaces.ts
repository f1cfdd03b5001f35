import {
  type InterfaceDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
  StructureKind,
} from "ts-morph";
import type { Field, ObjectType } from "../model/model.ts";
import type { CompiledTypes } from "./compiled-types.ts";
import { docLines } from "./layout.ts";

// ts-morph prints a comment on several lines if its description starts with a line break.
function docs(doc: readonly string[], indent: number): { description: string }[] {
  const lines = docLines(doc, indent);
  const [only = ""] = lines;
  if (lines.length === 0) return [];
  return [{ description: lines.length === 1 && only.length + indent <= 112 ? only : `\n${lines.join("\n")}` }];
}

/** Optional fields may be written as undefined too, which is what spreading an optional value yields. */
function property({ name, required, doc }: Field, type: string): OptionalKind<PropertySignatureStructure> {
  return { name, hasQuestionToken: !required, type: required ? type : `${type} | undefined`, docs: docs(doc, 2) };
}

/** An interface of a type that has fields and is closed. */
export function interfaceOf({ name, doc, fields }: ObjectType, types: CompiledTypes): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs: docs(doc, 0),
    properties: fields.map((field) => property(field, types.property(name, field.name))),
  };
}
