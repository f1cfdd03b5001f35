import { describe, expect, it } from "vitest";
import { merge } from "../merge/merge.ts";
import type { Source } from "../read/source.ts";
import { messageText, plainEdition, sourceOf } from "../testing/fixture.ts";
import { buildModel } from "./build-model.ts";
import type { Model } from "./model.ts";
import { sharedNames } from "./name-collision.ts";

const modelOf = (source: Source): Model => buildModel(source, merge(source));
const fact = { action: "A", from: "station", block: "Core", letter: "B", send: false } as const;
const object = { type: "object", additionalProperties: false };

describe("the model", () => {
  it("orders fields for the reader and says what they may hold", () => {
    const request = JSON.stringify({
      ...object,
      properties: { customData: {}, b: { type: "string", maxLength: 3 }, a: { type: "boolean", default: false } },
      required: ["b"],
    });
    const model = modelOf(sourceOf({ ARequest: request, AResponse: messageText() }));
    expect(model.actions[0]?.request.fields.map(({ name, doc }) => [name, doc])).toEqual([
      ["b", ["At most 3 characters."]],
      ["a", ["Default: `false`."]],
      ["customData", []],
    ]);
  });

  it("describes what nobody described", () => {
    const schemas = {
      ARequest: messageText({ x: { $ref: "#/definitions/XType" } }, { XType: object }),
      AResponse: messageText(),
    };
    const model = modelOf(sourceOf(schemas, plainEdition, [fact]));
    expect(model.actions[0]?.request.doc).toEqual(["What the station sends as `A` (functional block B, Core)."]);
    expect(model.actions[0]?.response?.doc).toEqual(["What the CSMS answers to {@link ARequest}."]);
    expect(model.shared[0]?.doc).toEqual(["Part of {@link ARequest}."]);
  });

  it("takes a message without an answer for a request", () => {
    const model = modelOf(sourceOf({ A: messageText() }, plainEdition, [{ ...fact, send: true }]));
    expect(model.actions[0]?.request.name).toBe("ARequest");
    expect(model.actions[0]?.response).toBeUndefined();
  });

  it("stops at an action without schemas and at schemas without an action", () => {
    expect(() => modelOf(sourceOf({ ARequest: messageText() }))).toThrow(
      "schemas/actions/2.0.1.json: A has no schema AResponse in schemas/test",
    );
    const schemas = { ARequest: messageText(), AResponse: messageText(), BRequest: messageText() };
    expect(() => modelOf(sourceOf(schemas))).toThrow("BRequest.json: schemas/actions/2.0.1.json has no action for it");
  });

  it("stops at an erratum that names no enum", () => {
    const errata = [{ tolerance: "x", type: "Y", value: "Z", reason: "", reference: "" }];
    const source = sourceOf({ ARequest: messageText(), AResponse: messageText() }, { ...plainEdition, errata });
    expect(() => modelOf(source)).toThrow("erratum x names no enum: Y");
  });

  it("stops where two exports would have one name, save an action and a type", () => {
    const named = (name: string, schema: object): Source =>
      sourceOf({ ARequest: messageText({}, { [name]: schema }), AResponse: messageText() });
    expect([...sharedNames(modelOf(named("A", object)))]).toEqual(["A"]);
    const values = { type: "string", enum: ["x"] };
    expect(() => modelOf(named("A", values))).toThrow("A would be both an action and the values of an enum");
    expect(() => modelOf(named("Violation", object))).toThrow(
      "Violation would be both a name of every package and a shared type",
    );
    expect(() => modelOf(named("V201", object))).toThrow(
      "V201 would be both the type of the protocol and a shared type",
    );
  });
});
