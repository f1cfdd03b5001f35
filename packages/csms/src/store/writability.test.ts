import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { StoreError } from "./store-error.ts";
import { createWritability } from "./writability.ts";

interface Gate {
  open(): void;
  fail(error: unknown): void;
}

function harness() {
  const clock = manualClock();
  const commits: Gate[] = [];
  /** How many writes were tried. */
  let probes = 0;
  const commit = (): Promise<void> =>
    writability.watch(
      () =>
        new Promise<void>((resolve, reject) => {
          commits.push({ open: resolve, fail: reject });
        }),
    );
  const writability = createWritability(clock, () => {
    probes += 1;
    return commit();
  });
  return { clock, commits, commit, writability, probes: () => probes };
}

const full = new StoreError("full", "no room");

describe("whether writes can be persisted", () => {
  it("is shown by a commit that succeeded, for five seconds, and then tried", async () => {
    const { clock, commits, commit, writability, probes } = harness();
    const first = commit();
    commits[0]?.open();
    await first;
    await clock.advance(5_000);
    await writability.check();
    expect(probes()).toBe(0);
    await clock.advance(1);
    const checks = [writability.check(), writability.check()];
    commits[1]?.open();
    await Promise.all(checks);
    expect(probes()).toBe(1);
  });

  it("is denied from a commit that failed on, until one succeeds, which is tried once a second at most", async () => {
    const { clock, commits, commit, writability, probes } = harness();
    const first = commit();
    commits[0]?.fail(full);
    await expect(first).rejects.toBe(full);
    const check = writability.check();
    commits[1]?.fail(full);
    await expect(check).rejects.toBe(full);
    await clock.advance(999);
    await expect(writability.check()).rejects.toBe(full);
    expect(probes()).toBe(1);
    await clock.advance(1);
    const again = writability.check();
    commits[2]?.open();
    await again;
    await writability.check();
    expect(probes()).toBe(2);
  });

  it("is denied while a commit is pending for more than two seconds, although others have succeeded before", async () => {
    const { clock, commits, commit, writability, probes } = harness();
    const first = commit();
    commits[0]?.open();
    await first;
    const second = commit();
    await clock.advance(2_000);
    await writability.check();
    await clock.advance(1);
    await expect(writability.check()).rejects.toMatchObject({ code: "unavailable" });
    commits[1]?.open();
    await second;
    await writability.check();
    expect(probes()).toBe(0);
  });

  it("is denied by whatever a commit fails with", async () => {
    const { commits, writability } = harness();
    const check = writability.check();
    commits[0]?.fail(new RangeError("?"));
    await expect(check).rejects.toMatchObject({ name: "StoreError", code: "failed" });
  });
});
