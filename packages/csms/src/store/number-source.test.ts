import { describe, expect, it } from "vitest";
import { createNumberSource } from "./number-source.ts";

describe("a number source", () => {
  it("fetches a block at a time, once for all that wait", async () => {
    let value = 0;
    let fetches = 0;
    const next = createNumberSource((_counter, by) => {
      fetches += 1;
      value += by;
      return Promise.resolve(value);
    });
    const numbers = await Promise.all(Array.from({ length: 101 }, () => next("a")));
    expect(numbers).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
    expect(fetches).toBe(3);
  });

  it("goes on after a block could not be fetched", async () => {
    let fails = true;
    const next = createNumberSource((_counter, by) => (fails ? Promise.reject(new Error("no")) : Promise.resolve(by)));
    await expect(Promise.all([next("a"), next("a")])).rejects.toThrow("no");
    fails = false;
    expect(await next("a")).toBe(1);
  });

  it("gives out the last 32-bit number and none beyond it", async () => {
    const next = createNumberSource(() => Promise.resolve(0x7fff_ffff + 49));
    expect(await next("a")).toBe(0x7fff_ffff);
    await expect(next("a")).rejects.toMatchObject({ code: "failed" });
    await expect(next("a")).rejects.toMatchObject({ code: "failed" });
  });
});
