import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keptLog } from "../observability/kept-log.fixture.ts";
import { openPasswordKey } from "./password-key.ts";

describe("the key of the digests of passwords", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocpp-password-key-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is made once, for its owner alone, and read again", async () => {
    const file = join(folder, "data", "key");
    const log = keptLog();
    const [one, other] = await Promise.all([1, 2].map(() => openPasswordKey({ configured: null, file }, log)));
    const again = await openPasswordKey({ configured: null, file }, log);
    expect(again).toHaveLength(32);
    // Whoever loses the race to make it reads the one that is there, or does without.
    for (const key of [one, other]) expect(key === undefined || key.equals(again as Buffer)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain(again?.toString("base64url"));
    const elsewhere = await openPasswordKey({ configured: null, file: join(folder, "key") }, log);
    expect(elsewhere?.equals(again as Buffer)).toBe(false);
  });

  it("comes from the configuration where that has one, and then no file is made", async () => {
    const file = join(folder, "key");
    const log = keptLog();
    const key = await openPasswordKey({ configured: "k".repeat(32), file }, log);
    expect(key).toEqual(await openPasswordKey({ configured: "k".repeat(32), file }, log));
    expect(key).not.toEqual(await openPasswordKey({ configured: "l".repeat(32), file }, log));
    expect(() => statSync(file)).toThrow("ENOENT");
  });

  it("is done without where it cannot be had, which is logged", async () => {
    const short = join(folder, "short");
    writeFileSync(short, "abc\n", { mode: 0o600 });
    for (const file of [short, folder, join(short, "below")]) {
      const log = keptLog();
      expect(await openPasswordKey({ configured: null, file }, log)).toBeUndefined();
      expect(log.lines).toHaveLength(1);
      expect(JSON.stringify(log.lines)).toContain("stations.passwords.key");
    }
    expect(readFileSync(short, "utf8")).toBe("abc\n");
  });

  it.skipIf(process.platform === "win32")("that others can read is used with a warning", async () => {
    const file = join(folder, "key");
    const log = keptLog();
    const key = await openPasswordKey({ configured: null, file }, log);
    expect(log.lines).toEqual([]);
    chmodSync(file, 0o644);
    expect(await openPasswordKey({ configured: null, file }, log)).toEqual(key);
    expect(JSON.stringify(log.lines)).toContain("Others than its owner");
  });
});
