import { describe, expect, it } from "vitest";
import { messageText, plainEdition, sourceOf } from "../testing/fixture.ts";
import { merge } from "./merge.ts";

const status = { type: "string", enum: ["On", "Off"], description: "First." };
const ref = (name: string): object => ({ $ref: `#/definitions/${name}` });

describe("merging", () => {
  it("has each shared type once, under its name without Type, with the first description", () => {
    const { types, messages } = merge(
      sourceOf({
        ARequest: messageText({ status: ref("StatusEnumType") }, { StatusEnumType: status }),
        AResponse: messageText(
          { status: ref("StatusEnumType") },
          { StatusEnumType: { ...status, description: "Second." } },
        ),
      }),
    );
    expect(messages).toEqual(["ARequest", "AResponse"]);
    expect([...types.keys()]).toEqual(["ARequest", "AResponse", "StatusEnum"]);
    expect(types.get("StatusEnum")?.description).toBe("First.");
    expect(types.get("ARequest")?.properties?.["status"]).toEqual({ $ref: "StatusEnum" });
  });

  it("stops at two types of one name that accept different things, and names both files", () => {
    const other = { ...status, enum: ["On", "Off", "Broken"] };
    expect(() =>
      merge(
        sourceOf({
          ARequest: messageText({}, { StatusEnumType: status }),
          AResponse: messageText({}, { StatusEnumType: other }),
        }),
      ),
    ).toThrow("schemas/test/AResponse.json: StatusEnum differs from the StatusEnum of schemas/test/ARequest.json");
  });

  it("names inline bodies as the edition says, each once", () => {
    const info = { type: "object", additionalProperties: false, properties: { status }, required: ["status"] };
    const edition = { ...plainEdition, inlineNames: { info: "Info", "Info.status": "InfoStatus", infos: "Info" } };
    const { types } = merge(
      sourceOf(
        { ARequest: messageText({ info }), AResponse: messageText({ infos: { type: "array", items: info } }) },
        edition,
      ),
    );
    expect([...types.keys()]).toEqual(["ARequest", "AResponse", "Info", "InfoStatus"]);
    expect(types.get("AResponse")?.properties?.["infos"]).toEqual({ type: "array", items: { $ref: "Info" } });
  });

  it.each([
    [
      "an inline body without a name",
      { ARequest: messageText({ status }) },
      /^schemas\/test\/ARequest\.json: the body of ARequest\.status has no name/,
    ],
    [
      "a $ref to nothing",
      { ARequest: messageText({ x: ref("B") }) },
      /ARequest\.json: unresolved \$ref #\/definitions\/B/,
    ],
    [
      "a $ref to elsewhere",
      { ARequest: messageText({ x: { $ref: "B.json" } }, { BType: status }) },
      /unresolved \$ref B\.json/,
    ],
    [
      "a definition without a name of its own",
      { ARequest: messageText({}, { BType: { type: "string" } }) },
      /BType: is neither an object nor an enum/,
    ],
    [
      "a type that contains itself",
      {
        ARequest: messageText(
          { x: ref("B") },
          { B: { type: "object", properties: { b: { type: "array", items: ref("B") } } } },
        ),
      },
      /B > B is recursive/,
    ],
    [
      "a message with the name of a type",
      { ARequest: messageText({}, { BRequest: { type: "object" } }), BRequest: messageText() },
      /BRequest\.json: BRequest is also a type of schemas\/test\/ARequest\.json/,
    ],
  ])("stops at %s", (_, schemas, reason) => {
    expect(() => merge(sourceOf(schemas as { [message: string]: string }))).toThrow(reason);
  });
});
