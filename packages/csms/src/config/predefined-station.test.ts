import { describe, expect, test } from "vitest";
import { passwordOf, readStations } from "./predefined-station.ts";

describe("predefined stations", () => {
  test("are read in the spellings of ours and of ocpp16-go", () => {
    expect(
      readStations([
        "CS1",
        { identity: "CS2", password: "p", heartbeatInterval: 30, securityProfile: 2, registration: "Pending" },
        { Name: "CP3", Authorization: "NIOERVB8REBOTIEBNRQ==", HeartBeatInterval: 10 },
      ]),
    ).toEqual({
      value: [
        { identity: "CS1", password: null, heartbeatInterval: null, securityProfile: null, registration: "Accepted" },
        { identity: "CS2", password: "p", heartbeatInterval: 30, securityProfile: 2, registration: "Pending" },
        {
          identity: "CP3",
          password: "NIOERVB8REBOTIEBNRQ==",
          heartbeatInterval: 10,
          securityProfile: null,
          registration: "Accepted",
        },
      ],
    });
  });

  test("may have a whole Authorization header for a password", () => {
    const encoded = Buffer.from("CP1:open:sesame").toString("base64");
    expect(passwordOf(`Basic ${encoded}`, "CP1")).toBe("open:sesame");
    expect(passwordOf(encoded, "CP1")).toBe("open:sesame");
    expect(passwordOf(encoded, "CP2")).toBe(encoded);
  });

  test.each([
    [[{ identity: "a:b" }], "without colons"],
    [[{ identity: "" }], "without colons"],
    [[{ identity: "x".repeat(49) }], "1 to 48"],
    [[{}], "needs an identity"],
    [[3], "must be an identity"],
    [[{ identity: "a", password: 3 }], "must be a text"],
    [[{ identity: "a", heartbeatInterval: 0 }], "above 0"],
    [[{ identity: "a", securityProfile: 4 }], "0, 1, 2 or 3"],
    [[{ identity: "a", registration: "accepted" }], "Accepted, Pending, Rejected"],
    [[{ identity: "a", pasword: "x" }], "Did you mean password?"],
    [[{ identity: "a", Name: "b" }], "twice"],
    [["a", "a"], "an earlier one"],
    [{ a: 1 }, "must be a list"],
  ])("are refused where they cannot be meant: %j", (raw, reason) => {
    expect(readStations(raw)).toEqual({ problem: expect.stringContaining(reason) as unknown });
  });

  test("are refused without showing a password", () => {
    expect(JSON.stringify(readStations([{ identity: "a", password: "hunter2", securityProfile: 9 }]))).not.toContain(
      "hunter2",
    );
  });
});
