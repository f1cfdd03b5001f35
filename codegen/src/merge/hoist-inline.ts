import { SchemaError } from "./schema-error.ts";
import { isNamed, type SchemaNode } from "./schema-node.ts";

/** A body whose inline objects and enums have become types of their own. */
export interface Hoisted {
  readonly node: SchemaNode;
  /** The inner types, each free of inline bodies too. */
  readonly types: readonly (readonly [name: string, node: SchemaNode])[];
}

/**
 * Gives the objects and enums that stand inline in a type the names that the edition has for them, and leaves a `$ref`
 * in their place.
 */
export function hoistInline(
  owner: string,
  node: SchemaNode,
  names: { readonly [place: string]: string },
  file: string,
): Hoisted {
  const types: (readonly [string, SchemaNode])[] = [];
  const visit = (child: SchemaNode, property: string): SchemaNode => {
    if (child.items !== undefined) return { ...child, items: visit(child.items, property) };
    if (!isNamed(child)) return child;
    const name = names[`${owner}.${property}`] ?? names[property];
    if (name === undefined)
      throw new SchemaError(file, "", `the body of ${owner}.${property} has no name; add one to the edition`);
    // What describes the body here describes this use of it, not the type.
    const { description: _, ...body } = child;
    const inner = hoistInline(name, body, names, file);
    types.push(...inner.types, [name, inner.node]);
    return { $ref: name };
  };
  if (node.properties === undefined) return { node, types };
  const properties = Object.entries(node.properties).map(([name, child]) => [name, visit(child, name)]);
  return { node: { ...node, properties: Object.fromEntries(properties) }, types };
}
