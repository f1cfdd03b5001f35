import type { FieldType } from "./model.ts";

const bounds = (min: number | undefined, max: number | undefined): string | undefined => {
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}.`;
  if (min !== undefined) return `At least ${min}.`;
  return max === undefined ? undefined : `At most ${max}.`;
};

/** What a field's type demands beyond its TypeScript type, as a sentence; undefined if nothing. */
export function constraintOf(type: FieldType): string | undefined {
  switch (type.kind) {
    case "string":
      return type.maxLength === undefined ? undefined : `At most ${type.maxLength} characters.`;
    case "date-time":
      return "Date and time with zone (RFC 3339).";
    case "uri":
      return "A URI.";
    case "integer":
      return ["Whole number.", bounds(type.minimum, type.maximum)].filter((part) => part !== undefined).join(" ");
    case "number":
      return bounds(type.minimum, type.maximum);
    case "multiple":
      return `A multiple of ${type.of}.`;
    case "array":
      return arrayConstraint(type.items, type.minItems, type.maxItems);
    default:
      return undefined;
  }
}

function arrayConstraint(items: FieldType, min: number | undefined, max: number | undefined): string | undefined {
  const count =
    min !== undefined && max !== undefined
      ? `${min} to ${max} items`
      : max !== undefined
        ? `at most ${max} items`
        : min === undefined
          ? undefined
          : `at least ${min} ${min === 1 ? "item" : "items"}`;
  const each = constraintOf(items)?.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const text = [count, each === undefined ? undefined : `each ${each.replace(/\.$/, "")}`].filter(
    (part) => part !== undefined,
  );
  return text.length === 0 ? undefined : `${text.join(", ").replace(/^[a-z]/, (letter) => letter.toUpperCase())}.`;
}
