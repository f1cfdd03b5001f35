import { decisive } from "./comparison.ts";
import type { Reference } from "./reference.ts";
import { bits, type Validator } from "./violation.ts";

/**
 * A validator made of the reference itself, the answer key of the self-tests: a trial must find nothing wrong with it, and
 * something as soon as it is spoilt.
 */
export function mirrorOf(reference: Reference): Validator {
  return (value, tolerated = 0) => {
    const finding = decisive(reference(value)).find(({ kind }) => (bits[kind] & tolerated) === 0);
    if (finding === undefined) return undefined;
    const steps = finding.path.split("/").slice(1);
    const path = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    return { kind: finding.kind, path, message: `is wrong "${finding.detail}"` };
  };
}
