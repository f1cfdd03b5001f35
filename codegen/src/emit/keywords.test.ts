import { Ajv } from "ajv";
import formats from "ajv-formats";
import * as fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import type { Validator } from "../checks/violation.ts";
import { generate } from "../generate.ts";
import { readChecks } from "../read/check-sources.ts";
import { messageText, plainEdition, sourceOf } from "../testing/fixture.ts";

const closed = { type: "object", additionalProperties: false };
const definitions = {
  OpenType: {
    type: "object",
    properties: { a: { type: "string", maxLength: 3 }, b: { type: "integer" }, c: {} },
    required: ["a", "b"],
  },
  EmptyType: closed,
  LetterEnumType: { type: "string", enum: ["x", "y-z", "\\", '"'] },
};
const ref = (name: string): object => ({ $ref: `#/definitions/${name}` });

// Every keyword and type that codegen knows, each in the places where it may stand.
const properties = {
  any: {},
  flag: { type: "boolean" },
  text: { type: "string" },
  short: { type: "string", maxLength: 3 },
  time: { type: "string", format: "date-time" },
  link: { type: "string", format: "uri" },
  whole: { type: "integer" },
  from: { type: "integer", minimum: 1 },
  number: { type: "number" },
  upTo: { type: "number", maximum: 2.5 },
  step: { type: "number", multipleOf: 0.1 },
  open: ref("OpenType"),
  empty: ref("EmptyType"),
  letter: ref("LetterEnumType"),
  letters: { type: "array", items: ref("LetterEnumType"), minItems: 1, maxItems: 2 },
  shorts: { type: "array", items: { type: "string", maxLength: 3 } },
  bounded: { type: "array", items: { type: "integer", minimum: 0, maximum: 3 }, maxItems: 2 },
  nested: { type: "array", items: { type: "array", items: ref("OpenType") } },
};

const request = messageText(properties, definitions);
const { files } = await generate(sourceOf({ ARequest: request, AResponse: messageText() }, plainEdition), readChecks());
const typescript = files.find(({ path }) => path === "src/validators.ts")?.text ?? "";
const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
const code = ts.transpileModule(typescript, { compilerOptions: options }).outputText;
const validators: { readonly [name: string]: Validator } = await import(
  /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
);
const validate: Validator = (value, tolerated) => validators["validateARequest"]?.(value, tolerated);

const ajv = new Ajv({ strict: false, strictNumbers: true, multipleOfPrecision: 6, logger: false });
formats.default(ajv);
const accepts = ajv.compile(JSON.parse(request) as object);

const scalars: unknown[] = [
  [
    null,
    true,
    0,
    1,
    -1,
    2.5,
    2.6,
    0.3,
    0.15,
    3,
    4,
    "",
    "x",
    "y-z",
    '"',
    "abcd",
    "😀😀😀",
    "x:y",
    "2024-01-31T12:00:00Z",
  ],
  [{}, [], { a: "x", b: 1 }, { a: "x", b: 1, more: 1 }, { a: "abcd", b: 1 }, { b: 1 }, { a: "x", b: 1, c: null }],
].flat();
const scalar = fc.constantFrom(...scalars);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
);
const document = fc.dictionary(fc.constantFrom(...Object.keys(properties), "extra"), value, { maxKeys: 3 });

describe("validators for every keyword", () => {
  it("agree with ajv", () => {
    fc.assert(
      fc.property(fc.oneof(document, value), (sample) => {
        expect(validate(sample) === undefined, JSON.stringify(sample)).toBe(accepts(sample));
      }),
      { numRuns: 20_000 },
    );
  });

  it("look at every known field of an open object, whatever is tolerated before", () => {
    expect(validate({ open: { a: "x" } })?.message).toBe('lacks the property "b"');
    expect(validate({ open: { b: "x" } }, 2)?.path).toEqual(["open", "b"]);
    expect(validate({ open: { a: "abcd", b: 1 } }, 2)?.path).toEqual(["open", "a"]);
  });
});
