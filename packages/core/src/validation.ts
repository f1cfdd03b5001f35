import { ownProperty } from "./own-property.ts";
import type { Protocol, Validator } from "./protocol.ts";

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

/** How one payload is checked: which it is, its validator, the policy, and the bits that are tolerated. */
export interface Check {
  readonly direction: "inbound" | "outbound";
  readonly part: "request" | "response";
  readonly policy: ValidationPolicy;
  readonly tolerated: number;
  readonly validate: Validator;
}

/** Makes the checks of one action. */
export type Checks = (direction: Check["direction"], part: Check["part"], validate: Validator) => Check;

/** Adds up the bits of the tolerances that are named. Throws a RangeError for a name that the protocol does not have. */
function toleratedBits({ subprotocol, tolerances }: Protocol, names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    const bit = ownProperty(tolerances, name);
    if (bit === undefined) {
      const known = Object.keys(tolerances).join(", ");
      throw new RangeError(`${subprotocol} knows no tolerance ${JSON.stringify(name)}; it knows ${known}`);
    }
    bits |= bit;
  }
  return bits;
}

/** Settles the rule for one action. Throws a RangeError where it names a tolerance that the protocol does not have. */
export function checksFor(protocol: Protocol, action: string, { actions = {}, ...general }: Validation): Checks {
  const rule: ValidationRule = { ...general, ...ownProperty<ValidationRule | undefined>(actions, action) };
  const tolerated = { inbound: toleratedBits(protocol, rule.tolerate ?? []), outbound: 0 };
  return (direction, part, validate) => ({
    direction,
    part,
    policy: rule[direction] ?? "reject",
    tolerated: tolerated[direction],
    validate,
  });
}
