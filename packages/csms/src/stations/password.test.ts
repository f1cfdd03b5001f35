import { describe, expect, it } from "vitest";
import { createPasswordHashes, PasswordBusyError } from "./password.ts";

const place = { source: "10.0.0.1", first: false };

describe("password hashes", () => {
  it("are salted, slow ones, in which no password stands (A01.FR.08)", async () => {
    const hashes = createPasswordHashes();
    const password = "correct-horse-battery";
    const [one, other] = await Promise.all([hashes.hash("A", password), hashes.hash("A", password)]);
    expect(one).toMatch(/^scrypt\$\d{5,}\$text\$/);
    expect(one).not.toBe(other);
    for (const hash of [one, other]) {
      const parts = hash.split("$").flatMap((part) => [part, Buffer.from(part, "base64").toString("latin1")]);
      expect(parts.filter((part) => part.includes("horse"))).toEqual([]);
      expect(await hashes.verify("A", hash, Buffer.from(password), place)).toBe(true);
      expect(await hashes.verify("A", hash, Buffer.from("correct-horse-batterz"), place)).toBe(false);
    }
  });

  it("are right by a digest, which is of one key, one station and one hash", async () => {
    const key = Buffer.alloc(32, 1);
    const one = createPasswordHashes({ key });
    const password = Buffer.from("correct-horse-battery");
    const hash = await one.hash("A", "correct-horse-battery");
    const digest = one.digest("A", hash);
    expect(digest).not.toBeNull();
    const other = createPasswordHashes({ key });
    expect(other.digest("A", hash)).toBeNull();
    expect(other.recall({ identity: "A", hash, digest }, Buffer.from("wrong"))).toBe("wrong");
    expect(other.recall({ identity: "B", hash, digest }, password)).toBe("open");
    expect(other.recall({ identity: "A", hash: `${hash}x`, digest }, password)).toBe("open");
    expect(other.recall({ identity: "A", hash, digest }, password)).toBe("right");
    expect(other.digest("A", hash)).toBe(digest);
    const foreign = createPasswordHashes({ key: Buffer.alloc(32, 2) });
    for (const text of [digest, null, "", "hmac$$", "hmac$x$y", `${digest?.slice(0, -3)}`]) {
      expect(foreign.recall({ identity: "A", hash, digest: text }, password)).toBe("open");
    }
    const without = createPasswordHashes();
    expect(without.digest("A", await without.hash("A", "correct-horse"))).toBeNull();
  });

  it("are checked once for all who ask at a time, as long as one of them is there", async () => {
    let checks = 0;
    const hashes = createPasswordHashes({
      checked: () => {
        checks += 1;
      },
    });
    const hash = await createPasswordHashes().hash("A", "correct-horse-battery");
    const ask = (password: string, signal?: AbortSignal) =>
      hashes.verify("A", hash, Buffer.from(password), { ...place, signal });
    const busy = ask("wrong");
    const gone = new AbortController();
    const one = ask("correct-horse-battery", gone.signal);
    const other = ask("correct-horse-battery");
    gone.abort(new Error("hung up"));
    // This one is alone, and nobody waits for it any more; whoever asks then asks anew.
    const alone = new AbortController();
    const dropped = ask("wrong, too", alone.signal);
    alone.abort(new Error("hung up"));
    const again = ask("wrong, too");
    await expect(one).rejects.toThrow("hung up");
    await expect(dropped).rejects.toThrow("hung up");
    expect(await Promise.all([busy, other, again])).toEqual([false, true, false]);
    expect(checks).toBe(3);
  });

  it("are refused where too many wait", async () => {
    const hashes = createPasswordHashes();
    const hash = await hashes.hash("A", "correct-horse-battery");
    const gone = Array.from({ length: 600 }, () => new AbortController());
    const results = gone.map(({ signal }, index) =>
      hashes.verify("A", hash, Buffer.from(`wrong-${index}`), { ...place, signal }),
    );
    const settled = Promise.allSettled(results);
    await expect(results.at(-1)).rejects.toBeInstanceOf(PasswordBusyError);
    // Whoever asks from elsewhere takes the place of one of them.
    const other = hashes.verify("B", hash, Buffer.from("correct-horse-battery"), { source: "10.0.0.2", first: false });
    for (const one of gone) one.abort(new Error("hung up"));
    await settled;
    expect(await other).toBe(true);
  });
});
