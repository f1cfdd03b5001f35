import { expect } from "vitest";
import { kinds, type Validator, type Violation } from "../oracle/violation.ts";

/** The bits of every kind and quirk there is. */
export const everything = 0xffff_ffff | 0;

/**
 * What a validator says of a hostile value. Fails when it throws, when what it says is not a proper violation, or when it is
 * too long to travel in a CALLERROR beside a path.
 */
export function verdict(validate: Validator, value: unknown, tolerated?: number): Violation | undefined {
  const violation = tolerated === undefined ? validate(value) : validate(value, tolerated);
  if (violation === undefined) return undefined;
  // Plain conditions, for `expect` half a million times over would take longer than all the validators.
  const { kind, path, message } = violation;
  if (!kinds.includes(kind)) expect.fail(`strange kind ${kind}`);
  if (!Array.isArray(path)) expect.fail("the path is not an array");
  if (typeof message !== "string" || message === "" || message.length > 200)
    expect.fail("the message is not a short text");
  return violation;
}

/** What a program could see if a validator had written where it must not. Compare before and after. */
export function prototypes(): unknown {
  const seen = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype];
  return seen.map((prototype) =>
    Reflect.ownKeys(prototype).map((key) => [
      key,
      ...Object.values(Object.getOwnPropertyDescriptor(prototype, key) ?? {}),
    ]),
  );
}
