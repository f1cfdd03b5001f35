import { readdirSync, readFileSync } from "node:fs";

/** The versions of OCPP, as their folders under `schemas/` are called. */
export const versions = ["1.6", "2.0.1", "2.1"] as const;

/** One of the versions of OCPP. */
export type Version = (typeof versions)[number];

/** A JSON schema as far as the official OCPP schemas use the language; `shape.ts` refuses whatever else turns up. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly id?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly format?: string;
}

/** A message of a version and the official schema that says what it may look like. */
export interface Message {
  readonly version: Version;
  /** The name of the schema file without its ending, such as `BootNotificationRequest`. */
  readonly name: string;
  readonly schema: Schema;
}

const folder = new URL("../../../schemas/", import.meta.url);

/** Every message of a version, in the order of their names, read from the official schema files and from nothing else. */
export function messagesOf(version: Version): Message[] {
  const files = readdirSync(new URL(`${version}/`, folder)).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => {
    const schema: Schema = JSON.parse(readFileSync(new URL(`${version}/${file}`, folder), "utf8"));
    return { version, name: messageName(file.slice(0, -".json".length)), schema };
  });
}

/** The official 1.6 archive calls a request by its action alone; everywhere else the file bears the message's name. */
function messageName(file: string): string {
  return /(?:Request|Response)$/.test(file) ? file : `${file}Request`;
}
