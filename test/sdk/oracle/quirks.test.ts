import { assert, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { documents } from "./arbitrary.ts";
import { disagreement, shown } from "./comparison.ts";
import { dateTime, edgyDateTimes } from "./date-time.ts";
import { drawOf, seedOf } from "./draw.ts";
import { type Finding, hasFormat, referenceOf } from "./reference.ts";
import { runs, seed } from "./runs.ts";
import { messagesOf, type Version, versions } from "./schema.ts";
import { shapeOf } from "./shape.ts";
import { packages, validatorOf } from "./subject.ts";
import { bits, quirks } from "./violation.ts";

describe.each(versions)("the tolerances of %s", (version) => {
  it("are the bits that this oracle gives the kinds, and the quirks of the version", () => {
    const { edition } = packages[version];
    const { lenientDateTime, hertz } = quirks;
    const expected = { ...bits, "lenient-date-time": lenientDateTime, ...(version === "1.6" ? { hertz } : {}) };
    expect(edition).toMatchObject({ tolerances: expected });
    expect(Object.keys(Reflect.get(Object(edition), "tolerances")).sort()).toEqual(Object.keys(expected).sort());
  });

  it("let a lenient date-time lack its seconds, its zone or both, and nothing else", () => {
    const validate = validatorOf(version, "HeartbeatResponse");
    const wrong: string[] = [];
    let lenient = 0;
    for (const text of looseDateTimes()) {
      const valid = validate({ currentTime: text }, quirks.lenientDateTime) === undefined;
      if (valid !== isLenient(text)) wrong.push(`${JSON.stringify(text)}: ours ${valid}`);
      if (valid && !hasFormat("date-time", text)) lenient += 1;
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(lenient).toBeGreaterThan(1000);
  });

  it("change the verdict on no document but by what they are for", () => {
    for (const { name, schema } of messagesOf(version)) {
      const validate = validatorOf(version, name);
      const reference = referenceOf(schema);
      const tolerated = quirks.lenientDateTime | quirks.hertz;
      assert(
        property(documents(shapeOf(schema)), (document) => {
          const findings = reference(document).filter((finding) => !isForgiven(version, finding, document));
          const verdict = disagreement(validate, findings, document, tolerated);
          if (verdict !== undefined) throw new Error(`${version} ${name}: ${verdict}\ndocument: ${shown(document)}`);
        }),
        { numRuns: Math.ceil(runs / 20), seed: seed ^ seedOf(`quirks ${version} ${name}`) },
      );
    }
  });
});

describe("Hertz in 1.6", () => {
  const values = [{ value: "50.0", unit: "Hertz" }];
  const meterValues = { connectorId: 1, meterValue: [{ timestamp: "2024-01-01T00:00:00Z", sampledValue: values }] };
  const stop = {
    transactionId: 1,
    meterStop: 0,
    timestamp: "2024-01-01T00:00:00Z",
    transactionData: meterValues.meterValue,
  };

  it.each([
    ["MeterValuesRequest", meterValues],
    ["StopTransactionRequest", stop],
  ])("passes as a unit in %s where it is tolerated and only there", (name, document) => {
    const validate = validatorOf("1.6", name);
    expect(validate(document)?.kind).toBe("value");
    expect(validate(document, quirks.hertz)).toBeUndefined();
    expect(validate(document, quirks.lenientDateTime)?.kind).toBe("value");
  });

  it("passes nowhere else", () => {
    expect(validatorOf("1.6", "ResetRequest")({ type: "Hertz" }, quirks.hertz)?.kind).toBe("value");
  });
});

/** The rule of the lenient date-time in terms of the strict one: a text that seconds of zero, UTC or both complete. */
function isLenient(text: string): boolean {
  const inserted = text[16] === "." ? text : `${text.slice(0, 16)}:00${text.slice(16)}`;
  return [text, `${text}Z`, inserted, `${inserted}Z`].some((completed) => hasFormat("date-time", completed));
}

function* looseDateTimes(): IterableIterator<string> {
  const draw = drawOf(seed);
  yield* edgyDateTimes;
  for (let count = 0; count < runs * 50; count += 1) {
    const text = dateTime(draw);
    yield text;
    yield text.slice(0, 16) + text.slice(19);
    yield text.replace(/(?:z|[+-][\d:]*)$/i, "");
    yield text.slice(0, draw.below(text.length + 1));
  }
}

/** Whether a quirk lets pass what the reference found. */
function isForgiven(version: Version, finding: Finding, document: unknown): boolean {
  const value = at(document, finding.path);
  if (finding.detail === "date-time" && finding.keyword === "format") return isLenient(String(value));
  return version === "1.6" && finding.keyword === "enum" && value === "Hertz" && finding.path.endsWith("/unit");
}

function at(document: unknown, path: string): unknown {
  let value = document;
  for (const step of path.split("/").slice(1)) value = Reflect.get(Object(value), step);
  return value;
}
