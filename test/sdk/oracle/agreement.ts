import { afterAll, describe, expect, it } from "vitest";
import { seedOf } from "./draw.ts";
import { runs, seed } from "./runs.ts";
import { messagesOf, type Version } from "./schema.ts";
import { validatorOf } from "./subject.ts";
import { trialOf } from "./trial.ts";

/** How many messages the official archive of each version holds. */
const counts: Readonly<Record<Version, number>> = { "1.6": 78, "2.0.1": 128, "2.1": 181 };

/** Declares the tests of one version: each of its messages, its validator from the generated package, against the reference. */
export function testAgreement(version: Version): void {
  const messages = messagesOf(version);
  const total = { edges: 0, random: 0, valid: 0 };

  it(`has all ${counts[version]} messages`, () => {
    expect(messages).toHaveLength(counts[version]);
  });

  describe.each(messages)("$name", (message) => {
    const { name } = message;

    it("agrees with ajv at every edge of every rule", () => {
      const account = trialOf(message, validatorOf(version, name)).edges();
      expect(account.untried).toEqual([]);
      expect(account.valid).toBeGreaterThan(0);
      total.edges += account.documents;
    });

    it(`agrees with ajv on ${runs} random documents`, () => {
      const account = trialOf(message, validatorOf(version, name)).random(runs, seed ^ seedOf(`${version} ${name}`));
      expect(account.documents).toBe(runs);
      // Neither side may go hungry: a trial of nothing but refusals would prove little.
      expect(account.valid).toBeGreaterThan(runs * 0.15);
      expect(account.valid).toBeLessThan(runs * 0.95);
      total.random += account.documents;
      total.valid += account.valid;
    });
  });

  afterAll(() => {
    console.info(
      `OCPP ${version}: ${messages.length} messages, ${total.random} random documents (${total.valid} valid), ${total.edges} at edges, seed ${seed}`,
    );
  });
}
