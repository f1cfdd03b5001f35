/** The kinds of fault that a validator tells apart. Each becomes one error code on the wire (see `codeOfViolation`). */
export type ViolationKind =
  | "type"
  | "required"
  | "value"
  | "length"
  | "items"
  | "range"
  | "format"
  | "unknown-property";

/**
 * What is wrong with a payload: the first fault found, the path to it from the payload's root, and a sentence without
 * the path. The sentence never contains the offending value.
 */
export interface Violation {
  readonly kind: ViolationKind;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Writes a path as it would stand in code: `meterValue[0].sampledValue[2].value`; the root is `payload`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === "" ? "payload" : text;
}

/** The violation in one sentence, with its path. */
export function describeViolation(violation: Violation): string {
  return `${formatPath(violation.path)} ${violation.message}`;
}
