import { describe, expect, it } from "vitest";
import { casesOf, checkEntry, isText, readCorpus } from "./corpus.ts";
import { secret } from "./trial.ts";
import { protocolOf, versions } from "./version.ts";

const corpus = readCorpus();
const kinds = ["type", "required", "value", "length", "items", "range", "format", "unknown-property"];

const good = {
  id: "file/name",
  versions: ["1.6"],
  side: "both",
  frame: "[]",
  expect: { silence: true },
  report: null,
  spec: "OCPP-J 1.6 §4.2.3",
};

describe("the corpus", () => {
  it("holds at least 180 frames, each for a version and a receiver", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(180);
    expect(casesOf(corpus).length).toBeGreaterThan(corpus.length);
    for (const version of versions) {
      for (const side of ["station", "csms"] as const)
        expect(casesOf(corpus).filter((one) => one.version === version && one.side === side).length).toBeGreaterThan(
          150,
        );
    }
  });

  it("holds frames that need a WebSocket", () => {
    expect(corpus.filter(({ frame }) => !isText(frame)).length).toBeGreaterThan(15);
  });

  it.each(versions)("holds every kind of violation in %s, with its code in the right spelling", (version) => {
    const codes = protocolOf[version].errorCodes;
    const seen = new Map<string, Set<string>>();
    const entries = corpus.filter((entry) => entry.versions.includes(version) && entry.report === "violation");
    for (const { id, expect: expected } of entries) {
      const kind = kinds.find((name) => id.endsWith(`/${name}`) || expected.own?.split(":")[1] === name);
      if (kind === undefined) continue;
      seen.set(kind, (seen.get(kind) ?? new Set()).add(expected.answer?.code ?? "silence"));
      const code = expected.answer?.code;
      if (code !== undefined) expect(Object.values(codes)).toContain(code);
    }
    expect([...seen.keys()].toSorted()).toEqual(kinds.toSorted());
  });

  it("puts its secret into enough payloads to see it come back", () => {
    expect(corpus.filter(({ frame }) => JSON.stringify(frame).includes(secret)).length).toBeGreaterThan(100);
  });

  it.each([
    ["no object", null],
    ["an unknown field", { ...good, extra: 1 }],
    ["an id of another file", { ...good, id: "other/name" }],
    ["an unknown version", { ...good, versions: ["1.5"] }],
    ["no version", { ...good, versions: [] }],
    ["a version twice", { ...good, versions: ["1.6", "1.6"] }],
    ["no side", { ...good, side: "server" }],
    ["no frame", { ...good, frame: undefined }],
    ["a frame that repeats nothing", { ...good, frame: [{ repeat: "", times: 3 }] }],
    ["a frame of two kinds", { ...good, frame: { text: "", binary: "" } }],
    ["bytes that are none", { ...good, frame: { raw: "xyz" } }],
    ["two expectations", { ...good, expect: { silence: true, close: 1000 } }],
    ["no expectation", { ...good, expect: {} }],
    ["an answer of no such type", { ...good, expect: { answer: { type: 2, id: "1" } } }],
    ["an error without a code", { ...good, expect: { answer: { type: 4, id: "1" } } }],
    ["a result with a code", { ...good, expect: { answer: { type: 3, id: "1", code: "GenericError" } } }],
    ["no expression", { ...good, expect: { answer: { type: 4, id: "1", code: "GenericError", description: "(" } } }],
    ["no such report", { ...good, report: "boring" }],
    ["no report at all", { ...good, report: undefined }],
    ["no section", { ...good, spec: "the specification" }],
    ["an odd end of its call", { ...good, given: "call", expect: { silence: true, own: "lost" } }],
    ["an odd state", { ...good, given: "rain" }],
  ])("refuses an entry with %s", (_fault, entry) => {
    expect(() => checkEntry(entry, "file")).toThrow(/^file/u);
    expect(checkEntry(good, "file")).toBe(good);
  });
});
