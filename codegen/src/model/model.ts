import type { Edition } from "../editions/edition.ts";
import type { Sender } from "../read/source.ts";

/** What a field holds. */
export type FieldType =
  | { readonly kind: "any" | "boolean" | "date-time" | "uri" }
  | { readonly kind: "string"; readonly maxLength: number | undefined }
  | { readonly kind: "integer" | "number"; readonly minimum: number | undefined; readonly maximum: number | undefined }
  | { readonly kind: "multiple"; readonly of: number }
  | {
      readonly kind: "array";
      readonly items: FieldType;
      readonly minItems: number | undefined;
      readonly maxItems: number | undefined;
    }
  | { readonly kind: "object" | "enum"; readonly name: string };

/** A property of an object. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: FieldType;
  /** Paragraphs of its doc comment; empty if there is nothing to say. */
  readonly doc: readonly string[];
}

/** An object type: a message or what several messages share. */
export interface ObjectType {
  readonly kind: "object";
  readonly name: string;
  readonly doc: readonly string[];
  readonly fields: readonly Field[];
  /** Whether it may hold further properties. */
  readonly open: boolean;
}

/** A set of strings. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly doc: readonly string[];
  readonly values: readonly string[];
  /** Values accepted only under a tolerance: the bit and the value. */
  readonly tolerated: readonly { readonly bit: number; readonly value: string }[];
}

/** An action with the types of its messages. */
export interface ActionModel {
  readonly name: string;
  readonly from: Sender;
  readonly block: string;
  readonly letter: string | undefined;
  readonly request: ObjectType;
  /** Absent if the action travels as SEND. */
  readonly response: ObjectType | undefined;
}

/** All that the emitters need to know of a version. */
export interface Model {
  readonly edition: Edition;
  /** Sorted by name. */
  readonly actions: readonly ActionModel[];
  /** The object types that are no messages, sorted by name. */
  readonly shared: readonly ObjectType[];
  /** Sorted by name. */
  readonly enums: readonly EnumType[];
  /** Names of the tolerances with their bits, kinds first. */
  readonly tolerances: readonly (readonly [name: string, bit: number])[];
}
