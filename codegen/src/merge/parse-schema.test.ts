import { describe, expect, it } from "vitest";
import { messageText } from "../testing/fixture.ts";
import { parseSchema } from "./parse-schema.ts";

const property = (schema: unknown): string => messageText({ x: schema as object });

describe("reading a schema", () => {
  it("keeps what matters and drops what has no effect", () => {
    const list = { type: "array", additionalItems: false, items: { type: "string", maxLength: 5 }, minItems: 1 };
    const { root } = parseSchema(messageText({ list, any: { description: "Anything." } }), "x.json");
    expect(root).toEqual({
      type: "object",
      additionalProperties: false,
      required: [],
      properties: {
        list: { type: "array", items: { type: "string", maxLength: 5 }, minItems: 1 },
        any: { description: "Anything." },
      },
    });
  });

  it.each([
    ["text that is not JSON", "{", /^x\.json: not JSON: /],
    ["a list", "[]", /^x\.json: a schema must be an object/],
    ["a message that is no object", '{"type":"string"}', /^x\.json: a message must have the type "object"/],
    [
      "an unknown keyword",
      property({ type: "string", pattern: "^a" }),
      /^x\.json#\/properties\/x: unsupported keyword "pattern" in a schema of type string/,
    ],
    [
      "a keyword of another type",
      property({ type: "integer", maxLength: 3 }),
      /unsupported keyword "maxLength" in a schema of type integer/,
    ],
    ["constraints without a type", property({ maxLength: 3 }), /unsupported keyword "maxLength" without a type/],
    ["a combination", property({ oneOf: [] }), /unsupported keyword "oneOf"/],
    ["a root keyword further down", property({ type: "object", definitions: {} }), /unsupported keyword "definitions"/],
    ["an unknown type", property({ type: "null" }), /unsupported type "null"/],
    ["several types", property({ type: ["string", "null"] }), /unsupported type \["string","null"\]/],
    ["an unknown format", property({ type: "string", format: "email" }), /unsupported format "email"/],
    ["an array without items", property({ type: "array" }), /an array needs items/],
    ["tuple items", property({ type: "array", items: [] }), /a schema must be an object/],
    ["a $ref with siblings", property({ $ref: "#/definitions/A", description: "x" }), /\$ref must stand alone/],
    ["an enum of numbers", property({ type: "string", enum: [1] }), /enum must hold strings only/],
    ["an empty enum", property({ type: "string", enum: [] }), /enum must be a list/],
    ["an enum with a value twice", property({ type: "string", enum: ["a", "a"] }), /enum holds a value twice/],
    [
      "an enum with a length",
      property({ type: "string", enum: ["a"], maxLength: 1 }),
      /an enum needs no other constraint/,
    ],
    [
      "a length that is no count",
      property({ type: "string", maxLength: -1 }),
      /maxLength must be a whole number from 0/,
    ],
    ["a bound that is no number", property({ type: "number", minimum: "0" }), /minimum must be a number/],
    ["a step of nothing", property({ type: "number", multipleOf: 0 }), /multipleOf must be more than 0/],
    [
      "a schema for further properties",
      property({ type: "object", additionalProperties: {} }),
      /additionalProperties must be true or false/,
    ],
    [
      "a required property that is none",
      property({ type: "object", required: ["y"] }),
      /requires y, which is no property/,
    ],
    ["a property that is no identifier", messageText({ "a-b": {} }), /property "a-b" is no identifier/],
    [
      "a javaType that does not fit",
      messageText({}, { AType: { type: "object", javaType: "B" } }),
      /javaType "B" does not fit the name AType/,
    ],
    ["a default that is no scalar", property({ type: "string", default: [] }), /default must be/],
  ])("stops at %s", (_, text, reason) => {
    expect(() => parseSchema(text, "x.json")).toThrow(reason);
  });

  it("stops at more required properties than a bit mask holds", () => {
    const names = Array.from({ length: 32 }, (_, index) => `p${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, {}]));
    const text = property({ type: "object", properties, required: names });
    expect(() => parseSchema(text, "x.json")).toThrow("32 required properties are more than 31");
  });
});
