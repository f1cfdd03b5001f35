import type { MergedDocument } from "../merge/merge.ts";
import type { SchemaNode } from "../merge/schema-node.ts";
import type { FieldType } from "./model.ts";

/** The field type that a schema describes. Merging has named all enums and objects; `types` tells which is which. */
export function fieldType(node: SchemaNode, types: MergedDocument["types"]): FieldType {
  const { $ref, minimum, maximum } = node;
  if ($ref !== undefined) return { kind: types.get($ref)?.enum === undefined ? "object" : "enum", name: $ref };
  switch (node.type) {
    case "string":
      return node.format === undefined ? { kind: "string", maxLength: node.maxLength } : { kind: node.format };
    case "integer":
      return { kind: "integer", minimum, maximum };
    case "number":
      return node.multipleOf === undefined
        ? { kind: "number", minimum, maximum }
        : { kind: "multiple", of: node.multipleOf };
    case "array": {
      const { items = {}, minItems, maxItems } = node;
      return { kind: "array", items: fieldType(items, types), minItems, maxItems };
    }
    case "boolean":
      return { kind: "boolean" };
    default:
      return { kind: "any" };
  }
}
