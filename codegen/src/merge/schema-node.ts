/** A schema in the part of JSON Schema that OCPP uses, free of keywords without effect. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: SchemaType;
  readonly description?: string;
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly required?: readonly string[];
  /** Always stated on an object: whether it is open. */
  readonly additionalProperties?: boolean;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly format?: Format;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly default?: string | number | boolean;
}

/** The types that OCPP uses. */
export type SchemaType = "object" | "string" | "integer" | "number" | "array" | "boolean";

/** The formats that OCPP uses. */
export type Format = "date-time" | "uri";

/** Tells whether a schema is one that gets a name: an object or a set of strings. */
export function isNamed(node: SchemaNode): boolean {
  return node.type === "object" || node.enum !== undefined;
}
