import { afterEach, describe, expect, it } from "vitest";
import { validDocument } from "../oracle/document.ts";
import { drawOf } from "../oracle/draw.ts";
import { plainest } from "../oracle/edges.ts";
import { copyOf, put } from "../oracle/junk.ts";
import { messagesOf, versions } from "../oracle/schema.ts";
import { shapeOf } from "../oracle/shape.ts";
import { validatorOf } from "../oracle/subject.ts";
import { placementsOf } from "./placement.ts";
import { prototypes, verdict } from "./verdict.ts";

/** Keys that mean something to JavaScript, none of them a field of any OCPP message. */
const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineSetter__",
  "toJSON",
];

/** Fields that the prototype of all objects is made to have: of none, some and many messages. */
const polluted = ["polluted", "customData", "idTag", "vendorId", "status"];

describe.each(versions)("the validators of %s", (version) => {
  const messages = messagesOf(version).map(({ name, schema }) => ({
    name,
    shape: shapeOf(schema),
    validate: validatorOf(version, name),
  }));

  it.each(keys)("refuse an own %s in every closed object and pass it in every open one", (key) => {
    const before = prototypes();
    const parsed: unknown = JSON.parse(`{"${key}":{"polluted":true}}`);
    for (const { name, shape, validate } of messages) {
      for (const { path, shape: at, document } of placementsOf(shape)) {
        if (at.is !== "object") continue;
        const holder = copyOf(plainest(at));
        if (typeof holder !== "object" || holder === null) continue;
        put(holder, key, Reflect.get(Object(parsed), key));
        const violation = verdict(validate, document(holder));
        expect(violation?.kind, `${name}${path}`).toBe(at.open ? undefined : "unknown-property");
      }
    }
    expect(prototypes()).toEqual(before);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("take a document whatever its objects inherit, and ask for own fields", () => {
    for (const { name, shape, validate } of messages) {
      for (const { path, shape: at, document } of placementsOf(shape)) {
        if (at.is !== "object") continue;
        const plain = Object(plainest(at));
        const strange: unknown = Object.assign(Object.create({ polluted: true }), plain);
        const bare: unknown = Object.assign(Object.create(null), plain);
        expect(verdict(validate, document(strange)), `${name}${path}`).toBeUndefined();
        expect(verdict(validate, document(bare)), `${name}${path}`).toBeUndefined();
        // What is inherited is not there: the heir of a whole object is as good as an empty one.
        const heir: unknown = Object.create(plain);
        expect(verdict(validate, document(heir)), `${name}${path}`).toEqual(verdict(validate, document({})));
      }
    }
  });

  it("read deeply frozen documents, and leave what they read as it is", () => {
    for (const { name, shape, validate } of messages) {
      for (let seed = 0; seed < 20; seed += 1) {
        const document = frozen(validDocument(drawOf(seed), shape));
        expect(verdict(validate, document), `${name}, seed ${seed}`).toBeUndefined();
      }
    }
  });

  it("give a fresh violation each time", () => {
    for (const { name, validate } of messages) {
      const [one, other] = [verdict(validate, null), verdict(validate, null)];
      expect(one, name).toEqual(other);
      expect(one, name).not.toBe(other);
      expect(one?.path, name).not.toBe(other?.path);
    }
  });

  it("never repeat a value in a message", () => {
    const secret = "s3cr3t-c4n4ry";
    for (const { name, shape, validate } of messages) {
      for (const { path, document } of placementsOf(shape)) {
        for (const value of [secret, secret.repeat(3000), [secret], { vendorId: { secret } }, { x: secret }]) {
          expect(verdict(validate, document(value))?.message ?? "", `${name}${path}`).not.toContain(secret);
        }
      }
    }
  });

  describe("when the prototype of all objects is polluted", () => {
    afterEach(() => {
      for (const key of polluted) Reflect.deleteProperty(Object.prototype, key);
    });

    it("judge by own keys alone", () => {
      const trials = messages.flatMap(({ shape, validate }) =>
        [{}, plainest(shape)].map((value) => () => validate(value)),
      );
      const before = trials.map((trial) => trial());
      for (const key of polluted) {
        // Enumerable, as a careless merge would have left it; and of a type that no field has.
        const value = { value: Symbol(key), enumerable: true, writable: true, configurable: true };
        // oxlint-disable-next-line no-extend-native -- that is the accident on trial, undone below
        Object.defineProperty(Object.prototype, key, value);
      }
      const after = trials.map((trial) => trial());
      for (const key of polluted) Reflect.deleteProperty(Object.prototype, key);
      expect(after).toEqual(before);
    });
  });
});

function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
