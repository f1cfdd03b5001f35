import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { splitSet } from "./fetch.ts";
import { checkIntegrity, fileOf } from "./tarball.ts";

/** A tar archive of one file, as small as the format permits. */
function tarball(name: string, text: string): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(text.length.toString(8).padStart(11, "0"), 124);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text);
  return gzipSync(Buffer.concat([header, body, Buffer.alloc(1024)]));
}

describe("fetching", () => {
  it("finds a file in a tarball, and says so if it is not there", () => {
    const bytes = tarball("package/x.json", "[1]");
    expect(fileOf(bytes, "package/x.json")).toBe("[1]");
    expect(() => fileOf(bytes, "package/y.json")).toThrow("package/y.json: not in the tarball");
  });

  it("refuses a tarball with another hash", () => {
    expect(() => checkIntegrity(new Uint8Array(3), "sha512-AAAA", "x@1")).toThrow(/^x@1: integrity is sha512-/);
  });

  const set = { version: "1.6", path: "x.json", layout: { indent: 2, ascii: false } } as const;

  it("splits a set into a file per message", () => {
    const files = splitSet('[{"$id":"urn:B.conf"},{"$id":"urn:OCPP:A"}]', set, {});
    expect([...files]).toEqual([
      ["ARequest", '{\n  "$id": "urn:OCPP:A"\n}'],
      ["BResponse", '{\n  "$id": "urn:B.conf"\n}'],
    ]);
  });

  it("refuses schemas without a name and two for one message", () => {
    expect(() => splitSet("[{}]", set, {})).toThrow("x.json: no message name in $id");
    expect(() => splitSet('[{"$id":"urn:A"},{"$id":"urn:A.req"}]', set, {})).toThrow(
      "x.json: two schemas for one message",
    );
  });
});
