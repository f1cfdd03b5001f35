import { describe, expect, test } from "vitest";
import { readTokens } from "./predefined-token.ts";

const nothing = {
  type: null,
  status: "Accepted",
  expiresAt: null,
  groupId: null,
  maxActive: null,
  restrictedTo: null,
  note: null,
};

describe("predefined id tokens", () => {
  test("are read from a list, from JSON, and from a text", () => {
    const full = {
      idTag: "04AB",
      type: "ISO14443",
      status: "Blocked",
      expiresAt: "2030-01-01T00:00:00+01:00",
      groupId: "FLEET",
      maxActive: 0,
      restrictedTo: ["CS1", { stationId: "CS2", evseId: 1, connectorId: 2 }],
      note: "Van",
    };
    const value = [
      { ...nothing, token: "A" },
      {
        ...nothing,
        token: "04AB",
        type: "ISO14443",
        status: "Blocked",
        expiresAt: Date.UTC(2029, 11, 31, 23),
        groupId: "FLEET",
        maxActive: 0,
        restrictedTo: [{ stationId: "CS1" }, { stationId: "CS2", evseId: 1, connectorId: 2 }],
        note: "Van",
      },
    ];
    expect(readTokens(["A", full])).toEqual({ value });
    expect(readTokens(JSON.stringify(["A", full]))).toEqual({ value });
    expect(readTokens("A, B")).toEqual({
      value: [
        { ...nothing, token: "A" },
        { ...nothing, token: "B" },
      ],
    });
  });

  test.each([
    [[{}], "entry 1 needs a token"],
    [["x".repeat(256)], "1 to 255"],
    [["a\u0000"], "1 to 255"],
    [[3], "must be an id token"],
    [[{ token: "a", status: "accepted" }], "Accepted, Blocked, Expired, Invalid"],
    [[{ token: "a", expiresAt: "tomorrow" }], "expiresAt"],
    [[{ token: "a", expiresAt: "2030-13-01T00:00:00Z" }], "expiresAt"],
    [[{ token: "a", maxActive: -1 }], "maxActive"],
    [[{ token: "a", maxActive: "1" }], "maxActive"],
    [[{ token: "a", restrictedTo: "CS1" }], "restrictedTo"],
    [[{ token: "a", restrictedTo: [{ stationId: "CS1", evse: 1 }] }], "restrictedTo"],
    [[{ token: "a", type: "x".repeat(21) }], "type"],
    [[{ token: "a", groupId: "" }], "groupId"],
    [[{ token: "a", note: 3 }], "note"],
    [[{ token: "a", grupId: "g" }], "Did you mean groupId?"],
    [[{ token: "a", idTag: "b" }], "twice"],
    [["a", "A"], "entry 2 names the token of an earlier one"],
    [{ token: "a" }, "must be a list"],
    ['{"token":"a"}', "must be a list"],
    ['[{"token":"a"', "not valid JSON"],
  ])("are refused where they cannot be meant: %j", (raw, reason) => {
    expect(readTokens(raw)).toEqual({ problem: expect.stringContaining(reason) as unknown });
  });

  test("are refused without showing one", () => {
    expect(JSON.stringify(readTokens([{ token: "04ABCDEF", maxActive: -1 }]))).not.toContain("04ABCDEF");
    expect(JSON.stringify(readTokens("[04ABCDEF"))).not.toContain("04ABCDEF");
  });
});
