import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ImportOptions, importArguments, importSchemas, versionOf } from "./import.ts";

const official = fileURLToPath(new URL("../../../schemas", import.meta.url));
const options: ImportOptions = { dryRun: false, accept: false };
let work = "";
let folder = "";
let lines: string[] = [];
const log = (line: string): void => void lines.push(line);
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "import-test-"));
  folder = join(work, "schemas");
  cpSync(official, folder, { recursive: true });
  lines = [];
});
afterEach(() => rmSync(work, { recursive: true }));

/** Writes an archive of some files; objects are written as JSON. */
function zip(files: { readonly [path: string]: string | Uint8Array }): string {
  const path = join(work, "archive.zip");
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === "string" ? strToU8(content) : content,
  ]);
  writeFileSync(path, zipSync(Object.fromEntries(entries)));
  return path;
}

const authorize = JSON.stringify({
  id: "urn:OCPP:1.6:2019:12:AuthorizeRequest",
  title: "AuthorizeRequest",
  type: "object",
  properties: { idTag: { type: "string", maxLength: 20 } },
  additionalProperties: false,
  required: ["idTag"],
});

describe("importing an archive", () => {
  it("takes over other text that accepts the same, under the name used here, and keeps the rest", () => {
    const path = zip({ "a/inner.zip": zipSync({ "json/Authorize.json": strToU8(authorize) }), "readme.txt": "x" });
    importSchemas(folder, path, options, log);
    expect(read("1.6/AuthorizeRequest.json")).toBe(authorize);
    expect(readdirSync(join(folder, "1.6"))).toHaveLength(78);
    expect(lines.join("\n")).toContain("AuthorizeRequest: accepts the same, other text");
    expect(lines.join("\n")).toContain("77 missing in the archive, the old file stays");
  });

  it("reads folders, and finds a whole set the same", () => {
    importSchemas(folder, join(official, "2.1"), options, log);
    expect(lines).toContain("181 same bytes");
  });

  it("writes what accepts something else only when told to, with its new digest", () => {
    const wider = authorize.replace('"maxLength":20', '"maxLength":36');
    const path = zip({ "Authorize.json": wider });
    const digests = read("digests.json");
    expect(() => importSchemas(folder, path, options, log)).toThrow("nothing written. Repeat with --accept");
    expect(lines).toContain("    /properties/idTag/maxLength: 20 became 36");
    expect(read("1.6/AuthorizeRequest.json")).not.toBe(wider);
    importSchemas(folder, path, { ...options, accept: true }, log);
    expect(read("1.6/AuthorizeRequest.json")).toBe(wider);
    expect(read("digests.json")).not.toBe(digests);
  });

  it("writes nothing in a dry run", () => {
    const before = read("1.6/AuthorizeRequest.json");
    importSchemas(folder, zip({ "Authorize.json": authorize }), { ...options, dryRun: true }, log);
    expect(read("1.6/AuthorizeRequest.json")).toBe(before);
  });

  it.each([
    ["broken JSON", { "Authorize.json": "{" }, /Authorize\.json: not JSON: /],
    ["no schemas", { "readme.txt": "x" }, /no JSON schema in it/],
    ["a name that points outside", { "../Authorize.json": authorize }, /points outside the archive/],
    ["text that is not UTF-8", { "Authorize.json": new Uint8Array([0xff, 0xfe, 0x41]) }, /not UTF-8/],
    ["a huge entry", { "Authorize.json": new Uint8Array(5 * 1024 * 1024) }, /more than 4194304/],
    ["a broken inner archive", { "inner.zip": "PK not really" }, /inner\.zip: not a readable zip archive/],
    [
      "two versions",
      { "Authorize.json": authorize, "XRequest.json": '{"type":"object","comment":"OCPP 2.1"}' },
      /holds schemas of 1\.6 and 2\.1/,
    ],
    ["no version", { "XRequest.json": '{"type":"object"}' }, /no schema in it tells its OCPP version/],
    ["one message twice", { "Authorize.json": authorize, "b/Authorize.json": `${authorize} ` }, /is also in/],
  ])("refuses %s", (_, files, reason) => {
    expect(() => importSchemas(folder, zip(files), options, log)).toThrow(reason);
    expect(read("1.6/AuthorizeRequest.json")).toBe(readFileSync(join(official, "1.6/AuthorizeRequest.json"), "utf8"));
  });

  it("refuses archives nested too deep, absent ones and other files", () => {
    let inner = zipSync({ "Authorize.json": strToU8(authorize) });
    for (let level = 0; level < 5; level++) inner = zipSync({ "inner.zip": inner });
    expect(() => importSchemas(folder, zip({ "inner.zip": inner }), options, log)).toThrow(/nested deeper than 4/);
    expect(() => importSchemas(folder, join(work, "none.zip"), options, log)).toThrow(/no such file or folder/);
    mkdirSync(join(work, "empty"));
    expect(() => importSchemas(folder, join(work, "empty"), options, log)).toThrow(/no JSON schema in it/);
    expect(() => importSchemas(folder, join(official, "digests.json"), options, log)).toThrow(
      /neither a folder nor a zip/,
    );
  });
});

it("tells the version of a schema", () => {
  expect(versionOf({ $id: "urn:OCPP:Cp:1.6:2020:3:GetLog.req" })).toBe("1.6");
  expect(versionOf({ $id: "urn:OCPP:Cp:2:2020:3:X", comment: "OCPP 2.0.1 FINAL" })).toBe("2.0.1");
  expect(versionOf({ comment: "OCPP 2.1 Edition 1 (c) OCA" })).toBe("2.1");
  expect(versionOf({ $id: 3 })).toBeUndefined();
});

it("reads the arguments of an import", () => {
  expect(importArguments(["a.zip", "--dry-run", "--version", "2.1"])).toEqual({
    path: "a.zip",
    options: { dryRun: true, accept: false, version: "2.1" },
  });
  expect(() => importArguments([])).toThrow("takes one zip archive or folder");
  expect(() => importArguments(["a", "--force"])).toThrow("unknown option --force");
  expect(() => importArguments(["a", "--version", "3"])).toThrow("--version must be one of");
});
