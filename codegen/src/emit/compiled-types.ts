import { compile } from "json-schema-to-typescript";
import { type InterfaceDeclaration, Project, type SourceFile } from "ts-morph";
import type { MergedDocument } from "../merge/merge.ts";
import type { SchemaNode } from "../merge/schema-node.ts";

/** The TypeScript types of a merged document, as json-schema-to-typescript compiles them. */
export interface CompiledTypes {
  /** The type of a property of an interface, such as `IdToken[]`. */
  property(type: string, name: string): string;
  /** The union that an enum has become, its values in quotes. */
  values(type: string): readonly string[];
}

type Definition = { readonly [keyword: string]: unknown };

/** A node in the form that json-schema-to-typescript expects: full `$ref`s, no descriptions, no constraints. */
function definition({
  $ref,
  type,
  properties,
  required,
  additionalProperties,
  items,
  enum: values,
}: SchemaNode): Definition {
  if ($ref !== undefined) return { $ref: `#/definitions/${$ref}` };
  if (items !== undefined) return { type, items: definition(items) };
  if (properties === undefined)
    return { ...(type === undefined ? {} : { type }), ...(values === undefined ? {} : { enum: values }) };
  const entries = Object.entries(properties).map(([name, child]) => [name, definition(child)]);
  return { type, properties: Object.fromEntries(entries), required, additionalProperties };
}

function lookup(source: SourceFile): CompiledTypes {
  const interfaces = new Map(
    source.getInterfaces().map((node): [string, InterfaceDeclaration] => [node.getName(), node]),
  );
  return {
    property(type, name) {
      const text = interfaces.get(type)?.getProperty(name)?.getTypeNode()?.getText();
      if (text === undefined) throw new Error(`${type}.${name} was not compiled`);
      return text;
    },
    values(type) {
      const alias = source.getTypeAlias(type)?.getTypeNode();
      if (alias === undefined) throw new Error(`${type} was not compiled`);
      return alias
        .getText()
        .replace(/^\(\s*\|?|\)$/g, "")
        .split("|")
        .map((value) => value.trim());
    },
  };
}

/** Compiles the whole document in one run, so that every shared type is compiled once. */
export async function compileTypes({ messages, types }: MergedDocument): Promise<CompiledTypes> {
  const schema = {
    type: "object" as const,
    additionalProperties: false,
    properties: Object.fromEntries(messages.map((name) => [name, { $ref: `#/definitions/${name}` }])),
    definitions: Object.fromEntries([...types].map(([name, node]) => [name, definition(node)])),
  };
  const text = await compile(schema, "EveryMessage", {
    bannerComment: "",
    customName: (_, key) => key,
    format: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    unreachableDefinitions: true,
  });
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return lookup(project.createSourceFile("compiled.ts", text));
}
