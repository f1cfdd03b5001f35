import type { Schema } from "./schema.ts";

/**
 * What a schema asks of a value, with references resolved: the form that the generators of documents walk. The reference
 * validator does not see it; it compiles the schema itself.
 */
export type Shape = ObjectShape | ArrayShape | TextShape | NumberShape | BooleanShape | AnyShape;

/** An object with named properties; `open` when others are allowed beside them. */
export interface ObjectShape {
  readonly is: "object";
  readonly properties: readonly Property[];
  readonly open: boolean;
}

/** One named property of an object. */
interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

/** An array whose elements all have one shape. */
export interface ArrayShape {
  readonly is: "array";
  readonly items: Shape;
  readonly min: number;
  /** The greatest number of elements, `Infinity` when the schema names none. */
  readonly max: number;
}

/** A string: free, of listed values, or of a format. */
export interface TextShape {
  readonly is: "text";
  readonly values: readonly string[] | undefined;
  /** The greatest length in code points, `Infinity` when the schema names none. */
  readonly maxLength: number;
  readonly format: "date-time" | "uri" | undefined;
}

/** A number. */
export interface NumberShape {
  readonly is: "number";
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
  readonly multipleOf: number | undefined;
}

/** A boolean. */
interface BooleanShape {
  readonly is: "boolean";
}

/** Any value at all: the `data` of DataTransfer in 2.x. */
interface AnyShape {
  readonly is: "any";
}

const silent = ["$schema", "$id", "id", "title", "comment", "description", "javaType", "default", "additionalItems"];
const known: Readonly<Record<string, readonly string[]>> = {
  object: ["type", "properties", "required", "additionalProperties", "definitions"],
  array: ["type", "items", "minItems", "maxItems", "additionalProperties"],
  string: ["type", "enum", "maxLength", "format", "additionalProperties"],
  integer: ["type", "minimum", "maximum", "multipleOf"],
  number: ["type", "minimum", "maximum", "multipleOf"],
  boolean: ["type"],
  any: [],
};

/**
 * The shape of a whole schema. Throws at a keyword that no generator here knows how to satisfy and to break, so a new
 * edition of the schemas cannot slip past the oracle half tested.
 */
export function shapeOf(root: Schema): Shape {
  const named = new Map<string, Shape>();

  function shape(schema: Schema): Shape {
    if (schema.$ref === undefined) return inline(schema);
    const name = schema.$ref.replace("#/definitions/", "");
    const definition = root.definitions?.[name];
    if (definition === undefined) throw new Error(`no definition for ${schema.$ref}`);
    const seen = named.get(name) ?? inline(definition);
    named.set(name, seen);
    return seen;
  }

  function inline(schema: Schema): Shape {
    const type = schema.type ?? "any";
    const strange = Object.keys(schema).filter((key) => !silent.includes(key) && known[type]?.includes(key) !== true);
    if (strange.length > 0)
      throw new Error(`a schema of type ${type} uses ${strange.join(", ")}, unknown to the oracle`);
    switch (type) {
      case "object":
        return {
          is: "object",
          open: schema.additionalProperties !== false,
          properties: Object.entries(schema.properties ?? {}).map(([name, property]) => ({
            name,
            required: schema.required?.includes(name) === true,
            shape: shape(property),
          })),
        };
      case "array":
        return {
          is: "array",
          items: shape(schema.items ?? {}),
          min: schema.minItems ?? 0,
          max: schema.maxItems ?? Number.POSITIVE_INFINITY,
        };
      case "string":
        return {
          is: "text",
          values: schema.enum,
          maxLength: schema.maxLength ?? Number.POSITIVE_INFINITY,
          format: knownFormat(schema.format),
        };
      case "boolean":
        return { is: "boolean" };
      case "any":
        return { is: "any" };
      default:
        return {
          is: "number",
          integer: type === "integer",
          min: schema.minimum ?? Number.NEGATIVE_INFINITY,
          max: schema.maximum ?? Number.POSITIVE_INFINITY,
          multipleOf: schema.multipleOf,
        };
    }
  }

  return shape(root);
}

function knownFormat(format: string | undefined): TextShape["format"] {
  if (format === undefined || format === "date-time" || format === "uri") return format;
  throw new Error(`the format ${format} is unknown to the oracle`);
}
