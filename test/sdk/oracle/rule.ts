import type { Finding } from "./reference.ts";
import type { Schema } from "./schema.ts";

const single = [
  "type",
  "enum",
  "maxLength",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "multipleOf",
  "format",
] as const;

/**
 * Every rule of a schema that a document can break, wherever in the document the schema applies it, such as
 * a `format` at one place or a `required` at another. A test that has seen a finding for each of them has
 * left no rule untried.
 */
export function rulesOf(root: Schema): string[] {
  const rules: string[] = [];

  function walk(schema: Schema, place: string): void {
    if (schema.$ref !== undefined) {
      walk(root.definitions?.[schema.$ref.replace("#/definitions/", "")] ?? {}, place);
      return;
    }
    for (const keyword of single) if (schema[keyword] !== undefined) rules.push(`${place} ${keyword}`);
    for (const name of schema.required ?? []) rules.push(`${place}/${name} required`);
    if (schema.type === "object" && schema.additionalProperties === false) rules.push(`${place} additionalProperties`);
    for (const [name, property] of Object.entries(schema.properties ?? {})) walk(property, `${place}/${name}`);
    if (schema.items !== undefined) walk(schema.items, `${place}/*`);
  }

  walk(root, "");
  return rules;
}

/** The rule that a finding is about, named as `rulesOf` names it. */
export function ruleOf(finding: Finding): string {
  const place = finding.path.replaceAll(/\/\d+(?=\/|$)/g, "/*");
  return finding.kind === "required" ? `${place}/${finding.detail} required` : `${place} ${finding.keyword}`;
}
