import { stringify } from "fast-check";
import { type Finding, pointer } from "./reference.ts";
import { bits, kinds, type Validator, type Violation } from "./violation.ts";

/**
 * Compares our verdict on a document with the findings of the reference, `tolerated` holding the bits of the kinds that are
 * to pass. Returns nothing when they agree, or else a sentence on how they do not. They agree when both let the document
 * pass, or when what ours names, kind and path, is among the findings that are not tolerated.
 */
export function disagreement(
  validate: Validator,
  findings: readonly Finding[],
  document: unknown,
  tolerated = 0,
): string | undefined {
  const expected = decisive(findings).filter((finding) => (bits[finding.kind] & tolerated) === 0);
  let violation: Violation | undefined;
  try {
    violation = tolerated === 0 ? validate(document) : validate(document, tolerated);
  } catch (error) {
    return `ours threw ${String(error)}`;
  }
  if (violation === undefined) {
    return expected.length === 0 ? undefined : `ours: valid; ajv: ${told(expected)}`;
  }
  const path = violation.path.map((step) => `/${pointer(step)}`).join("");
  const ours = `${violation.kind} at ${path || "the root"} (${violation.message})`;
  if (expected.length === 0) return `ours: ${ours}; ajv: valid`;
  if (!expected.some((finding) => finding.path === path && tellsOf(violation, finding))) {
    return `ours: ${ours}; ajv: ${told(expected)}`;
  }
  return misshapen(violation);
}

/**
 * The findings that decide. Where a value has the wrong type, the reference still applies the other rules to it; for us the
 * type is all there is to say about such a value.
 */
export function decisive(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length < 2) return findings;
  const mistyped = new Set(findings.filter((finding) => finding.kind === "type").map((finding) => finding.path));
  return findings.filter((finding) => finding.kind === "type" || !mistyped.has(finding.path));
}

/** Whether a violation is about a finding at its place: of the same kind, and naming the property that is missing or unknown. */
function tellsOf(violation: Violation, finding: Finding): boolean {
  if (violation.kind !== finding.kind) return false;
  const name = finding.kind === "required" || finding.kind === "unknown-property" ? (finding.detail ?? "") : "";
  // Names with odd characters are escaped and long ones cut, in ways that are not the oracle's business.
  return !/^\w{1,40}$/.test(name) || violation.message.includes(`"${name}"`);
}

/** What a violation must be like besides being right: of a known kind, its message a short text that travels well. */
function misshapen(violation: Violation): string | undefined {
  const { kind, path, message } = violation;
  if (!kinds.includes(kind)) return `ours has the kind ${kind}`;
  if (!path.every((step) => typeof step === "string" || Number.isInteger(step))) return "ours has a strange path";
  if (typeof message !== "string" || message.length === 0) return "ours says nothing";
  if (message.length > 200) return `ours says too much: ${message.length} characters`;
  return undefined;
}

function told(findings: readonly Finding[]): string {
  if (findings.length === 0) return "valid";
  const some = findings.slice(0, 5).map((finding) => `${finding.kind} at ${finding.path || "the root"}`);
  return some.join(", ") + (findings.length > some.length ? `, and ${findings.length - some.length} more` : "");
}

/** A document as text for a report, with `undefined`s, holes and odd keys to be seen, cut at some length. */
export function shown(document: unknown, limit = 2000): string {
  const text = stringify(document);
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
}
