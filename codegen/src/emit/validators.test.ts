import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Validator } from "../checks/violation.ts";
import { editions } from "../editions/index.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { repository } from "../testing/repository.ts";

type Validators = { readonly [name: string]: Validator };

const load = async (name: string): Promise<Validators> =>
  import(/* @vite-ignore */ join(repository, "generated", name, "src/validators.ts"));

const v16 = await load("v16");
const v201 = await load("v201");

/** The validator of a name; fails the test if there is none. */
function validator(validators: Validators, name: string): Validator {
  const found = validators[`validate${name}`];
  if (found === undefined) throw new Error(`no validator for ${name}`);
  return found;
}

const boot = validator(v201, "BootNotificationRequest");
const valid = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Mono" } };

describe("validators", () => {
  it("say nothing of what is valid, and where and what is wrong with the rest", () => {
    expect(boot(valid)).toBeUndefined();
    expect(boot({ ...valid, chargingStation: { vendorName: "Acme", model: 1 } })).toEqual({
      kind: "type",
      path: ["chargingStation", "model"],
      message: "must be a string",
    });
    expect(boot({ reason: "PowerUp" })).toEqual({
      kind: "required",
      path: [],
      message: 'lacks the property "chargingStation"',
    });
  });

  it("take a known key that holds undefined for absent, and an unknown one for a violation", () => {
    expect(boot({ ...valid, customData: undefined })).toBeUndefined();
    expect(boot({ ...valid, reason: undefined })?.kind).toBe("required");
    expect(boot({ ...valid, extra: undefined })?.kind).toBe("unknown-property");
  });

  it("see own properties only", () => {
    expect(boot(Object.create(valid))?.kind).toBe("required");
    expect(boot(Object.assign(Object.create({ extra: 1 }), valid))).toBeUndefined();
    expect(boot(Object.assign(Object.create(null), valid))).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("take %s for an unknown key", (key) => {
    const hostile: unknown = JSON.parse(`{${JSON.stringify(key)}: {"reason": "PowerUp"}}`);
    expect(boot(hostile)?.kind).toBe("unknown-property");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("survive nesting, size and holes", () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level++) deep = { customData: deep };
    expect(boot({ ...valid, customData: deep })?.kind).toBe("required");
    const data = validator(v201, "DataTransferRequest");
    expect(data({ vendorId: "x", data: deep })).toBeUndefined();
    expect(boot({ ...valid, reason: "x".repeat(10_000_000) })?.kind).toBe("value");
    expect(validator(v201, "GetVariablesRequest")({ getVariableData: Array.from({ length: 3 }) })?.path).toEqual([
      "getVariableData",
      0,
    ]);
  });

  it("do not walk customData", () => {
    const customData = { vendorId: "x", ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])) };
    expect(boot({ ...valid, customData })).toBeUndefined();
    expect(boot({ ...valid, customData: {} })?.path).toEqual(["customData"]);
    expect(boot({ ...valid, customData: { vendorId: "x".repeat(256) } })?.kind).toBe("length");
  });

  it("go on past what is tolerated", () => {
    const meter = validator(v16, "MeterValuesRequest");
    const frequency = (unit: string, extra = {}): unknown => ({
      connectorId: 1,
      meterValue: [{ timestamp: "2024-01-31T12:00:00", sampledValue: [{ value: "50", unit }], ...extra }],
    });
    expect(meter(frequency("Hertz"))?.kind).toBe("format");
    expect(meter(frequency("Hertz"), 256)?.kind).toBe("value");
    expect(meter(frequency("Hertz"), 256 | 512)).toBeUndefined();
    expect(meter(frequency("Furlong"), 256 | 512)?.kind).toBe("value");
    expect(meter(frequency("Furlong", { more: 1 }), 64 | 4 | 128)).toBeUndefined();
    expect(meter({ connectorId: 1, meterValue: "none" }, 1)).toBeUndefined();
    expect(meter(null, 1)).toBeUndefined();
    expect(meter({}, 255)).toBeUndefined();
  });

  it("never throw, whatever comes and whatever is tolerated", () => {
    const all = [...Object.values(v16), ...Object.values(v201)];
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.anything(),
        fc.integer({ min: 0, max: 1023 }),
        (validate, value, tolerated) => {
          validate(value, tolerated);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

/** A document that a schema accepts, as plain as can be: every property there, every array with one item. */
function example(schema: unknown, definitions: unknown): unknown {
  if (!isJsonObject(schema)) return undefined;
  const { $ref, type, properties, items, enum: values, format, minimum, maximum } = schema;
  if (typeof $ref === "string" && isJsonObject(definitions))
    return example(definitions[$ref.split("/").pop() ?? ""], definitions);
  if (Array.isArray(values)) return values[0];
  if (type === "string") return format === "uri" ? "x:y" : format === undefined ? "x" : "2024-01-31T12:00:00Z";
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return minimum ?? maximum ?? 1;
  if (type === "array") return [example(items ?? null, definitions)];
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, example(child, definitions)]));
}

/** The same document with one place changed, for every place. */
function* variations(value: unknown): Generator {
  const others: unknown[] = [null, "", 1.5, -1, [], {}, "x".repeat(70_000), true, undefined];
  yield* others;
  if (Array.isArray(value)) {
    yield [...value, ...value, ...value, ...value, ...value];
    for (const item of variations(value[0])) yield [item];
  } else if (isJsonObject(value)) {
    yield { ...value, extra: 1 };
    for (const [key, child] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const other of variations(child)) yield { ...value, [key]: other };
    }
  }
}

describe.each(editions)("the validators of $version", async ({ version, name }) => {
  const validators = await load(name);
  const folder = join(repository, "schemas", version);

  it("agree with ajv when one place of an example changes", () => {
    const ajv = new Ajv({ strict: false, strictNumbers: true, multipleOfPrecision: 6, logger: false });
    formats.default(ajv);
    for (const file of readdirSync(folder)) {
      const schema = parseJson(readFileSync(join(folder, file), "utf8"));
      if (!isJsonObject(schema)) continue;
      const { $schema: _, $id: _id, ...body } = schema;
      const message = file.replace(/\.json$/, "");
      const validate = validator(validators, /(Request|Response)$/.test(message) ? message : `${message}Request`);
      const accepts = ajv.compile(body);
      const document = example(body, body["definitions"]);
      expect(validate(document), message).toBeUndefined();
      for (const variation of variations(document)) {
        const found = validate(variation);
        if (accepts(variation) !== (found === undefined))
          expect.fail(
            `${message}: ${JSON.stringify(found)}, ajv: ${ajv.errorsText(accepts.errors)}: ${JSON.stringify(variation).slice(0, 500)}`,
          );
      }
    }
  });
});
