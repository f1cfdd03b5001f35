import * as fc from "fast-check";
import { expect, test } from "vitest";
import { maskUrls } from "./url-mask.ts";

test.each([
  ["https://h/p?token=abc", "https://h/p?token=***"],
  ["https://h/p?a=1&access_token=a.b-c~d%20e&b=2#top", "https://h/p?a=1&access_token=***&b=2#top"],
  [
    "https://b.s3.amazonaws.com/f.bin?X-Amz-Date=20260101T000000Z&X-Amz-Credential=AK%2F1&X-Amz-Signature=00ff",
    "https://b.s3.amazonaws.com/f.bin?X-Amz-Date=20260101T000000Z&X-Amz-Credential=***&X-Amz-Signature=***",
  ],
  [
    "https://a.blob.core.windows.net/c/f?sv=2024&sp=r&sig=q%2B1%3D",
    "https://a.blob.core.windows.net/c/f?sv=2024&sp=r&sig=***",
  ],
  ["ftp://user:pa?ss@h/x?key=1", "ftp://user:***@h/x?key=***"],
  ['{"location":"https:\\/\\/h\\/p?sig=a\\/b"}', '{"location":"https:\\/\\/h\\/p?sig=***"}'],
  ['"https://h/?a=1\\u0026secret=x\\u0026b=2"', '"https://h/?a=1\\u0026secret=***\\u0026b=2"'],
  ["a <https://h/?pwd=x> b", "a <https://h/?pwd=***> b"],
  ["https://h/tokens?page=2&keyboard=qwerty&signal=3", "https://h/tokens?page=2&keyboard=qwerty&signal=3"],
  ["token=abc in no URL", "token=abc in no URL"],
])("%s", (text, masked) => {
  expect(maskUrls(text)).toBe(masked);
});

test("no secret of a query survives, and host, path and other parameters do, as a text and as JSON", () => {
  const name = fc.constantFrom("token", "sig", "X-Amz-Signature", "api_key", "client_secret", "Password", "ticket");
  const secret = fc.stringMatching(/^[A-Za-z0-9+/=~.!*'()@:, -]{1,30}$/).map((text) => `S3${text}S3`);
  fc.assert(
    fc.property(name, secret, fc.boolean(), fc.nat(3), fc.nat(3), (parameter, value, last, slashes, quotes) => {
      const own = `${parameter}=${encodeURIComponent(value).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}`;
      const url = `https://host.example/path/f.bin?${last ? `page=7&${own}` : `${own}&page=7`}`;
      let text = slashes === 0 ? url : JSON.stringify({ location: url }).replaceAll("/", slashes === 1 ? "/" : "\\/");
      for (let depth = 0; depth < quotes; depth += 1) text = JSON.stringify([text]);
      const masked = maskUrls(text);
      expect(masked).not.toContain(encodeURIComponent(value).slice(0, 12));
      expect(masked).toContain("host.example");
      expect(masked).toContain("page=7");
      expect(masked).toContain(`${parameter}=***`);
    }),
    { numRuns: 500 },
  );
});

test("takes time by the length of the text alone", () => {
  for (const text of ["?".repeat(200_000), `?${"a".repeat(200_000)}`, "?token".repeat(40_000), "&a=".repeat(60_000)]) {
    const begun = performance.now();
    maskUrls(text);
    expect(performance.now() - begun).toBeLessThan(1_000);
  }
});
