import * as fc from "fast-check";
import { expect, it } from "vitest";
import { webhookBackoff, webhookRest } from "./backoff.ts";

const attempts = fc.integer({ min: 1, max: 200 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("waits longer after each failure, and never longer than six hours and a fifth", () => {
  fc.assert(
    fc.property(attempts, random, random, (made, one, other) => {
      const wait = webhookBackoff(made, one);
      expect(wait).toBeGreaterThanOrEqual(4_000);
      expect(wait).toBeLessThanOrEqual(21_600_000 * 1.2);
      // From one attempt to the next it grows by so much that chance does not undo it, until it is the longest.
      if (made < 7) expect(webhookBackoff(made + 1, other)).toBeGreaterThan(wait);
    }),
  );
});

it("heeds what a receiver asks for, up to six hours", () => {
  fc.assert(
    fc.property(attempts, random, fc.integer({ min: 0, max: 1e12 }), (made, chance, asked) => {
      const wait = webhookBackoff(made, chance, asked);
      expect(wait).toBeGreaterThanOrEqual(Math.min(asked, 21_600_000));
      expect(wait).toBeLessThanOrEqual(21_600_000 * 1.2);
    }),
  );
});

it("lets ten attempts take about a day", () => {
  const waits = Array.from({ length: 9 }, (_, index) => webhookBackoff(index + 1, 0.5));
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(18);
  expect(hours).toBeLessThan(30);
});

it("lets a receiver rest from a second to a minute", () => {
  expect([0, 1, 2, 3, 6, 7, 1_000].map(webhookRest)).toEqual([0, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
});
