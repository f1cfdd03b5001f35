import { describe, expect, it } from "vitest";
import { createPasswordHashes } from "./station-password.ts";

describe("password hashes", () => {
  it("are salted, slow ones, in which no password stands (A01.FR.08)", async () => {
    const hashes = createPasswordHashes();
    const password = "correct-horse-battery";
    const [one, other] = await Promise.all([hashes.hash(password), hashes.hash(password)]);
    expect(one).toMatch(/^scrypt\$\d{5,}\$text\$/);
    expect(one).not.toBe(other);
    for (const hash of [one, other]) {
      const parts = hash.split("$").flatMap((part) => [part, Buffer.from(part, "base64").toString("latin1")]);
      expect(parts.filter((part) => part.includes("horse"))).toEqual([]);
      expect(await hashes.verify(hash, Buffer.from(password))).toBe(true);
      expect(await hashes.verify(hash, Buffer.from("correct-horse-batterz"))).toBe(false);
    }
  });
});
