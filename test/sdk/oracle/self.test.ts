import { describe, expect, it } from "vitest";
import { validDocument } from "./document.ts";
import { drawOf } from "./draw.ts";
import { copyOf, put } from "./junk.ts";
import { mirrorOf } from "./mirror.ts";
import { referenceOf } from "./reference.ts";
import { type Message, messagesOf, type Version, versions } from "./schema.ts";
import { shapeOf } from "./shape.ts";
import { trialOf } from "./trial.ts";
import type { Validator } from "./violation.ts";

/** A way to be wrong: what the spoilt validator does instead of what the right one says. */
interface Fault {
  readonly fault: string;
  readonly version: Version;
  readonly message: string;
  readonly spoil: (right: Validator) => Validator;
  /** Whether 500 random documents find it as well; the edges find every one. */
  readonly random: boolean;
}

const faults: readonly Fault[] = [
  {
    fault: "lets everything pass",
    version: "1.6",
    message: "HeartbeatRequest",
    random: true,
    spoil: () => () => undefined,
  },
  {
    fault: "refuses everything",
    version: "2.1",
    message: "HeartbeatResponse",
    random: true,
    spoil: () => () => ({ kind: "type", path: [], message: "no" }),
  },
  {
    fault: "throws at null",
    version: "2.0.1",
    message: "BootNotificationRequest",
    random: true,
    spoil: (right) => (value, tolerated) => {
      if (value === null) throw new TypeError("null has no properties");
      return right(value, tolerated);
    },
  },
  {
    fault: "overlooks an own __proto__",
    version: "1.6",
    message: "BootNotificationRequest",
    random: true,
    spoil: seeing((value) => deleting(value, "__proto__")),
  },
  {
    fault: "overlooks an unknown key that holds undefined",
    version: "2.0.1",
    message: "ResetRequest",
    random: true,
    spoil: seeing((value) => JSON.parse(JSON.stringify(value) ?? "null")),
  },
  {
    fault: "takes an array for an object",
    version: "1.6",
    message: "HeartbeatRequest",
    random: true,
    spoil: seeing((value) => (Array.isArray(value) ? Object.assign({}, value) : value)),
  },
  {
    fault: "takes an array-like for an array",
    version: "2.0.1",
    message: "GetVariablesRequest",
    random: true,
    spoil: within("getVariableData", (value) => (isArrayLike(value) ? Array.from(value) : value)),
  },
  {
    fault: "skips holes",
    version: "1.6",
    message: "MeterValuesRequest",
    random: true,
    spoil: within("meterValue", (value) => (Array.isArray(value) ? value.flat(0) : value)),
  },
  {
    fault: "does not count elements",
    version: "2.0.1",
    message: "SetVariablesRequest",
    random: true,
    spoil: forgiving("items"),
  },
  {
    fault: "counts UTF-16 units for code points",
    version: "1.6",
    message: "AuthorizeRequest",
    random: true,
    spoil: within("idTag", (value) => (typeof value === "string" ? "x".repeat(value.length) : value)),
  },
  {
    fault: "counts no lone surrogates",
    version: "1.6",
    message: "AuthorizeRequest",
    random: true,
    spoil: within("idTag", (value) => (typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "") : value)),
  },
  {
    fault: "compares listed values without case",
    version: "1.6",
    message: "ResetRequest",
    random: true,
    spoil: within("type", (value) => (String(value).toLowerCase() === "hard" ? "Hard" : value)),
  },
  {
    fault: "finds a listed value on the prototype",
    version: "1.6",
    message: "ResetRequest",
    random: true,
    spoil: within("type", (value) => (typeof value === "string" && value in {} ? "Hard" : value)),
  },
  {
    fault: "takes a fraction for an integer",
    version: "1.6",
    message: "BootNotificationResponse",
    random: true,
    spoil: within("interval", (value) => (typeof value === "number" ? Math.trunc(value) : value)),
  },
  {
    fault: "takes NaN for a number",
    version: "2.1",
    message: "AFRRSignalRequest",
    random: false,
    spoil: within("signal", (value) => (Number.isNaN(value) ? 0 : value)),
  },
  {
    fault: "has a bound too many by one",
    version: "2.1",
    message: "GetCompositeScheduleRequest",
    random: true,
    spoil: within("evseId", (value) => (value === -1 ? 0 : value)),
  },
  {
    fault: "asks for exact multiples",
    version: "1.6",
    message: "SetChargingProfileRequest",
    random: true,
    spoil: (right) => (value, tolerated) =>
      JSON.stringify(value)?.includes('"minChargingRate":0.3')
        ? { kind: "range", path: [], message: "no" }
        : right(value, tolerated),
  },
  {
    fault: "reads date-times as Date does",
    version: "1.6",
    message: "HeartbeatResponse",
    random: true,
    spoil: within("currentTime", (value) =>
      typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : value,
    ),
  },
  {
    fault: "reads URIs as URL does",
    version: "1.6",
    message: "GetDiagnosticsRequest",
    random: true,
    spoil: within("location", (value) => (typeof value === "string" && URL.canParse(value) ? "a:b" : value)),
  },
  {
    fault: "gives a wrong kind",
    version: "2.0.1",
    message: "ClearCacheResponse",
    random: true,
    spoil: (right) => (value, tolerated) => {
      const violation = right(value, tolerated);
      return violation?.kind === "required" ? { ...violation, kind: "type" } : violation;
    },
  },
  {
    fault: "gives a path that lacks its first step",
    version: "2.0.1",
    message: "ClearCacheResponse",
    random: true,
    spoil: (right) => (value, tolerated) => {
      const violation = right(value, tolerated);
      return violation && { ...violation, path: violation.path.slice(1) };
    },
  },
  {
    fault: "names the wrong property",
    version: "2.0.1",
    message: "ClearCacheResponse",
    random: true,
    spoil: (right) => (value, tolerated) => {
      const violation = right(value, tolerated);
      return violation && { ...violation, message: 'is wrong "another"' };
    },
  },
  {
    fault: "tells the whole value",
    version: "2.0.1",
    message: "ClearCacheResponse",
    random: true,
    spoil: (right) => (value, tolerated) => {
      const violation = right(value, tolerated);
      return violation && { ...violation, message: "x".repeat(1000) };
    },
  },
  {
    fault: "ignores what is tolerated",
    version: "1.6",
    message: "AuthorizeResponse",
    random: true,
    spoil: (right) => (value) => right(value),
  },
  {
    fault: "tolerates everything where it should tolerate something",
    version: "1.6",
    message: "AuthorizeResponse",
    random: true,
    spoil: (right) => (value, tolerated) => (tolerated ? undefined : right(value)),
  },
];

describe("a trial", () => {
  it.each(versions)("finds nothing wrong with the reference itself in %s", (version) => {
    for (const message of messagesOf(version)) {
      const trial = trialOf(message, mirrorOf(referenceOf(message.schema)));
      expect(trial.random(100, 7).documents).toBe(100);
      if (version === "1.6") expect(trial.edges().untried).toEqual([]);
    }
  });

  it.each(faults)("finds a validator that $fault, at the edges", ({ version, message, spoil }) => {
    expect(() => spoilt(version, message, spoil).edges()).toThrow(`${version} ${message}: `);
  });

  it.each(faults.filter(({ random }) => random))(
    "finds a validator that $fault, at random",
    ({ version, message, spoil }) => {
      expect(() => spoilt(version, message, spoil).random(2000, 7)).toThrow(/seed 7, path .*\ndocument: /);
    },
  );

  it("cuts a failing document down to what matters", () => {
    const spoil = within("meterValue", (value) => (Array.isArray(value) && value.length === 0 ? null : value));
    expect(() => spoilt("1.6", "MeterValuesRequest", spoil).random(2000, 7)).toThrow(
      /document: \{[^{}]*"meterValue":\[\][^{}]*\}$/,
    );
  });
});

describe("the documents", () => {
  it.each(versions)("are valid before they are mutated in %s", (version) => {
    for (const { name, schema } of messagesOf(version)) {
      const reference = referenceOf(schema);
      const shape = shapeOf(schema);
      for (let seed = 0; seed < 100; seed += 1) {
        expect(reference(validDocument(drawOf(seed), shape)), `${name}, seed ${seed}`).toEqual([]);
      }
    }
  });
});

function spoilt(version: Version, name: string, spoil: (right: Validator) => Validator) {
  const message = messagesOf(version).find((candidate): candidate is Message => candidate.name === name);
  if (message === undefined) throw new Error(`OCPP ${version} has no ${name}`);
  return trialOf(message, spoil(mirrorOf(referenceOf(message.schema))));
}

/** A validator that sees the value through a distorting glass. */
function seeing(distort: (value: unknown) => unknown): (right: Validator) => Validator {
  return (right) => (value, tolerated) => right(distort(value), tolerated);
}

/** A validator that sees one property of the value through a distorting glass. */
function within(key: string, distort: (value: unknown) => unknown): (right: Validator) => Validator {
  return seeing((value) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return value;
    const copy = copyOf(value);
    if (typeof copy === "object" && copy !== null) put(copy, key, distort(Reflect.get(copy, key)));
    return copy;
  });
}

/** A validator that never reports one kind. */
function forgiving(kind: string): (right: Validator) => Validator {
  return (right) => (value, tolerated) => {
    const violation = right(value, tolerated);
    return violation?.kind === kind ? undefined : violation;
  };
}

function deleting(value: unknown, key: string): unknown {
  const copy = copyOf(value);
  if (typeof copy === "object" && copy !== null) Reflect.deleteProperty(copy, key);
  return copy;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value;
}
