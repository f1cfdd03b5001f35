import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPseudonymizer, spellings } from "./mention.ts";

const { inJson, inSentence } = createPseudonymizer("AB.12+X", "ERASED");

describe("a pseudonym in JSON", () => {
  it.each([
    ['{"idTag":"AB.12+X", "n": 1.0}', '{"idTag":"ERASED", "n": 1.0}'],
    ['{"idTag":"ab.12+x"}', '{"idTag":"ERASED"}'],
    [String.raw`{"idTag":"AB\u002e12+X"}`, '{"idTag":"ERASED"}'],
    [String.raw`{"data":"{\"idTag\":\"AB.12+X\",\"n\":1.0}"}`, String.raw`{"data":"{\"idTag\":\"ERASED\",\"n\":1.0}"}`],
    ['{"message":"Token AB.12+X was refused"}', '{"message":"Token ERASED was refused"}'],
    ['{"idTag":"AB.12+XY"}', '{"idTag":"AB.12+XY"}'],
    ['{"idTag":"AB112+X"}', '{"idTag":"AB112+X"}'],
    ['{"idTag":"AB.12+X', '{"idTag":"ERASED'],
    ["", ""],
  ])("turns %s into %s", (text, expected) => {
    expect(inJson(text)).toBe(expected);
  });

  it("never takes a number for the token", () => {
    const number = createPseudonymizer("1234567", "ERASED");
    expect(number.inJson('{"meterStart":1234567,"idTag":"1234567"}')).toBe('{"meterStart":1234567,"idTag":"ERASED"}');
    expect(createPseudonymizer("1", "ERASED").inJson('["1", 1, "a 1"]')).toBe('["ERASED", 1, "a 1"]');
  });

  it("leaves nothing of the token and everything else, whatever the token", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (id, other, number) => {
          const another = other.toLowerCase().includes(id.toLowerCase()) ? "" : other;
          const text = JSON.stringify({ idTag: id, nested: [JSON.stringify({ id })], number, another });
          const replaced: unknown = JSON.parse(createPseudonymizer(id, "ERASED-0").inJson(text));
          const expected = { idTag: "ERASED-0", nested: ['{"id":"ERASED-0"}'], number, another };
          expect(replaced).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
    );
  });
});

describe("a pseudonym in a sentence", () => {
  it.each([
    ["The token AB.12+X was refused", "The token ERASED was refused"],
    ['The token "ab.12+x"', 'The token "ERASED"'],
    ["AB.12+X", "ERASED"],
    ["XAB.12+X", "XAB.12+X"],
  ])("turns %s into %s", (text, expected) => {
    expect(inSentence(text)).toBe(expected);
  });

  it("takes no short token for a word", () => {
    expect(createPseudonymizer("1", "ERASED").inSentence("Connector 1")).toBe("Connector 1");
  });
});

describe("the spellings of a token", () => {
  it("are those of JSON, too", () => {
    expect(spellings("abc")).toEqual(["abc"]);
    expect(spellings('a"')).toEqual(['a"', String.raw`a\"`, String.raw`a\\\"`]);
  });
});
