import { describe, expect, it } from "vitest";
import { messagesOf, versions } from "../oracle/schema.ts";
import { shapeOf } from "../oracle/shape.ts";
import { validatorOf, validatorsOf } from "../oracle/subject.ts";
import { placementsOf } from "./placement.ts";
import { hostileValues } from "./value.ts";
import { everything, prototypes, verdict } from "./verdict.ts";

describe.each(versions)("the validators of %s", (version) => {
  const messages = messagesOf(version).map(({ name, schema }) => ({
    name,
    validate: validatorOf(version, name),
    placements: placementsOf(shapeOf(schema)),
  }));

  it.each(hostileValues)("survive $name in every place", ({ make, endless }) => {
    const before = prototypes();
    const value = make();
    for (const { name, validate, placements } of messages) {
      for (const { path, document } of placements) {
        try {
          verdict(validate, document(value));
          // Whoever tolerates everything lets everything pass: no place may insist, and none may stumble on the way.
          if (endless || verdict(validate, document(value), everything) === undefined) continue;
          expect.fail("not everything is tolerated");
        } catch (error) {
          throw new Error(`${name}${path}: ${String(error)}`, { cause: error });
        }
      }
    }
    expect(prototypes()).toEqual(before);
  });

  it("survive every hostile value at the root of every shared type", () => {
    const before = prototypes();
    const validators = validatorsOf(version);
    for (const { name: described, make } of hostileValues) {
      const value = make();
      for (const [name, validate] of validators) {
        try {
          verdict(validate, value);
        } catch (error) {
          throw new Error(`${name}, ${described}: ${String(error)}`, { cause: error });
        }
      }
    }
    expect(prototypes()).toEqual(before);
  });
});
