import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import type { Store } from "../store/store.ts";
import type { TokenRow } from "../store/tables/tokens.ts";
import { createTokenCache } from "./cache.ts";
import { createTokenRepository } from "./repository/tokens.ts";
import { newTokenRow } from "./row.ts";

/** A store whose reads end when the test says so, since a real one cannot be made to be slow at the right moment. */
function slowStore() {
  const reads: ((row: TokenRow | undefined) => void)[] = [];
  const query = {
    selectAll: () => query,
    where: () => query,
    executeTakeFirst: () => new Promise<TokenRow | undefined>((resolve) => reads.push(resolve)),
  };
  return { reads, store: { reader: { selectFrom: () => query } } as unknown as Store };
}

describe("a token cache", () => {
  const [before, after] = [newTokenRow(1, "a", 0), newTokenRow(2, "a", 0)];

  it("does not bring back what a token was before it was changed", async () => {
    const { reads, store } = slowStore();
    const cache = createTokenCache(createTokenRepository(store), manualClock());
    const early = cache.get("a");
    cache.forget("a");
    reads[0]?.(before);
    expect(await early).toBe(before);
    const late = cache.get("a");
    reads[1]?.(after);
    expect(await late).toBe(after);
    expect(await cache.get("a")).toBe(after);
    expect(reads).toHaveLength(2);
  });

  it("forgets the tokens that were asked for first, where there are very many", async () => {
    const { reads, store } = slowStore();
    const cache = createTokenCache(createTokenRepository(store), manualClock());
    for (let count = 0; count <= 10_000; count += 1) {
      const asked = cache.get(`token ${count}`);
      reads[count]?.(undefined);
      await asked;
    }
    await cache.get("token 1");
    expect(reads).toHaveLength(10_001);
    void cache.get("token 0");
    expect(reads).toHaveLength(10_002);
  });
});
