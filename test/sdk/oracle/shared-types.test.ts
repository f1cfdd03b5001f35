import { describe, expect, it } from "vitest";
import { seedOf } from "./draw.ts";
import { runs, seed } from "./runs.ts";
import { messagesOf, versions } from "./schema.ts";
import { sharedTypesOf } from "./shared-type.ts";
import { validatorOf, validatorsOf } from "./subject.ts";
import { trialOf } from "./trial.ts";

describe.each(versions)("the shared types of %s", (version) => {
  const types = sharedTypesOf(version);

  it("are all that the package validates besides messages", () => {
    const known = new Set([...types, ...messagesOf(version)].map(({ name }) => `validate${name}`));
    expect(validatorsOf(version).filter(([name]) => !known.has(name))).toEqual([]);
    expect(types.length).toBeGreaterThan(10);
  });

  it.each(types)("$name agrees with ajv when validated by itself", (type) => {
    // Within messages they have been at every edge; here it is how they are called, alone and without a second argument.
    const count = Math.ceil(runs / 10);
    const account = trialOf(type, validatorOf(version, type.name)).random(
      count,
      seed ^ seedOf(`${version} ${type.name}`),
    );
    expect(account.documents).toBe(count);
  });
});
