import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readBasicCredentials, samePassword } from "./basic-credentials.ts";

const header = (text: string | Uint8Array): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("readBasicCredentials", () => {
  it("reads the example of OCPP-J 1.6 §6.2.2, whose password is binary", () => {
    const { username, password } = readBasicCredentials("Basic QUwxMDAwOgABAgMEBQYH////////////////") ?? {};
    expect(username).toBe("AL1000");
    expect(Array.from(password ?? [])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, ...Array.from({ length: 12 }, () => 255)]);
  });

  it("parts at the first colon, and takes UTF-8", () => {
    const { username, password } = readBasicCredentials(header("CS 1:pä:ß")) ?? {};
    expect([username, Buffer.from(password ?? []).toString()]).toEqual(["CS 1", "pä:ß"]);
    expect(readBasicCredentials(header("CS1:"))?.password).toHaveLength(0);
  });

  it("gives nothing for what is no pair", () => {
    for (const text of [undefined, "", "Basic", "Basic !", "Bearer abc", header("CS1"), "Basic  a b"]) {
      expect(readBasicCredentials(text)).toBeUndefined();
    }
  });

  it("shows no password to a console or a logger", () => {
    const credentials = readBasicCredentials(header("CS1:hunter2"));
    const shown = `${inspect(credentials, { depth: 5, showHidden: true })} ${JSON.stringify(credentials)}`;
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain(String(Buffer.from("hunter2")[0]));
  });
});

describe("samePassword", () => {
  it("compares texts and bytes", () => {
    expect(samePassword(Buffer.from("secret"), "secret")).toBe(true);
    expect(samePassword(Uint8Array.from([0, 255]), Uint8Array.from([0, 255]))).toBe(true);
    expect(samePassword("secret", "secreT")).toBe(false);
    expect(samePassword("secret", "secret!")).toBe(false);
    expect(samePassword("", undefined)).toBe(false);
  });
});
