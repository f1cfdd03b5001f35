import { createHash } from "node:crypto";
import { isJsonObject } from "../json.ts";

// Keywords that do not change what a schema accepts. A property that bears such a name is none of them.
const silent = new Set(["$schema", "id", "$id", "title", "comment", "$comment", "description", "javaType", "default"]);

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortedNames(names: unknown): unknown {
  if (!isJsonObject(names)) return names;
  const keys = Object.keys(names).sort(byCodeUnit);
  return Object.fromEntries(keys.map((key) => [key, canonical(names[key])]));
}

/**
 * Reduces a schema to what it accepts: keys, `required` and `enum` sorted, and without annotations and keywords that have
 * no effect. Two schemas with the same canonical form accept the same documents.
 */
export function canonical(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const result: { [key: string]: unknown } = {};
  for (const key of Object.keys(schema).sort(byCodeUnit)) {
    const value = schema[key];
    if (silent.has(key) || key === "additionalItems") continue;
    if (key === "additionalProperties" && schema["type"] !== "object") continue;
    if (key === "properties" || key === "definitions") result[key] = sortedNames(value);
    else if ((key === "required" || key === "enum") && Array.isArray(value))
      result[key] = [...value].sort((a, b) => byCodeUnit(String(a), String(b)));
    else if (key === "items" || key === "additionalProperties") result[key] = canonical(value);
    else result[key] = value;
  }
  return result;
}

/** The first 16 hex digits of the sha256 of a schema's canonical form; `digests.json` holds one per message. */
export function digest(schema: unknown): string {
  const text = JSON.stringify(canonical(schema));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
