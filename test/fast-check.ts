import * as fc from "fast-check";

/**
 * fast-check as the tests of this repository run it, which vitest.config.ts puts in its place: with one seed for all, so that a
 * change meets the same cases as the one before it. `OCPP_TEST_SEED=random` draws another seed, and `OCPP_TEST_SEED=<number>`
 * repeats a run; a failure prints its seed.
 */
const asked = process.env["OCPP_TEST_SEED"] ?? "20260101";
const seed = asked === "random" ? Math.trunc(Math.random() * 0x7fff_ffff) : Number(asked);
if (!Number.isSafeInteger(seed)) throw new Error(`OCPP_TEST_SEED must be a whole number or "random", not ${asked}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

export * from "fast-check";
