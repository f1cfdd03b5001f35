import type { Protocol, Validator, Violation } from "./protocol.ts";

/**
 * What happens to a payload that violates its schema: `reject`, it goes no further and the error names the field;
 * `report`, it passes, and the handler and the report tell of the violation; `off`, nobody looks.
 */
export type ValidationPolicy = "reject" | "report" | "off";

/** The policy for what comes in and for what goes out, and what is let pass. */
export interface ValidationRule<Tolerance extends string = string> {
  /** For requests and responses that we receive; `reject` unless given. */
  readonly inbound?: ValidationPolicy;
  /** For requests and responses that we send; `reject` unless given. */
  readonly outbound?: ValidationPolicy;
  /**
   * Names of `Edition.tolerances` that are let pass in what we receive, such as `unknown-property`, `length` or
   * `lenient-date-time`. What we send is always held to the letter of the schema.
   */
  readonly tolerate?: readonly Tolerance[];
}

/** A rule for all actions, and rules for single actions that take its place field by field. */
export interface Validation<Name extends string = string, Tolerance extends string = string>
  extends ValidationRule<Tolerance> {
  readonly actions?: { readonly [K in Name]?: ValidationRule<Tolerance> };
}

/** How one payload is checked: its validator, the policy, and the bits that are tolerated. */
export interface Check {
  readonly policy: ValidationPolicy;
  readonly tolerated: number;
  readonly validate: Validator;
}

/** The checks of one direction. */
export interface Checks {
  readonly inbound: { readonly policy: ValidationPolicy; readonly tolerated: number };
  readonly outbound: { readonly policy: ValidationPolicy; readonly tolerated: number };
}

/** Adds up the bits of the tolerances that are named. Throws a RangeError for a name that the protocol does not have. */
function toleratedBits(protocol: Protocol, names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    if (!Object.hasOwn(protocol.tolerances, name)) {
      const known = Object.keys(protocol.tolerances).join(", ");
      throw new RangeError(`${protocol.subprotocol} knows no tolerance ${JSON.stringify(name)}; it knows ${known}`);
    }
    bits |= protocol.tolerances[name] ?? 0;
  }
  return bits;
}

/** Settles the rule for one action. Throws a RangeError where it names a tolerance that the protocol does not have. */
export function checksFor(protocol: Protocol, action: string, validation: Validation = {}): Checks {
  const rules: { readonly [name: string]: ValidationRule | undefined } = validation.actions ?? {};
  const own = Object.hasOwn(rules, action) ? rules[action] : undefined;
  return {
    inbound: {
      policy: own?.inbound ?? validation.inbound ?? "reject",
      tolerated: toleratedBits(protocol, own?.tolerate ?? validation.tolerate ?? []),
    },
    outbound: { policy: own?.outbound ?? validation.outbound ?? "reject", tolerated: 0 },
  };
}

/** Runs a check; nothing is looked at where the policy is `off`. */
export function violationOf(check: Check, payload: unknown): Violation | undefined {
  return check.policy === "off" ? undefined : check.validate(payload, check.tolerated);
}
