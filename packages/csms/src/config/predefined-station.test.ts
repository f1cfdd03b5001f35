import { describe, expect, test } from "vitest";
import { passwordOf, readStations } from "./predefined-station.ts";

const nothing = {
  password: null,
  heartbeatInterval: null,
  securityProfile: null,
  registration: "Accepted",
  serialNumber: null,
  booted: false,
};

describe("predefined stations", () => {
  test("are read in the spellings of ours and of ocpp16-go", () => {
    expect(
      readStations([
        "CS1",
        {
          identity: "CS2",
          password: "p",
          heartbeatInterval: 30,
          securityProfile: 2,
          registration: "Pending",
          serialNumber: "SN-2",
        },
        { Name: "CP3", Authorization: "NIOERVB8REBOTIEBNRQ==", HeartBeatInterval: 10 },
      ]),
    ).toEqual({
      value: [
        { ...nothing, identity: "CS1" },
        {
          ...nothing,
          identity: "CS2",
          password: "p",
          heartbeatInterval: 30,
          securityProfile: 2,
          registration: "Pending",
          serialNumber: "SN-2",
        },
        {
          ...nothing,
          identity: "CP3",
          password: "NIOERVB8REBOTIEBNRQ==",
          heartbeatInterval: 10,
        },
      ],
    });
  });

  test("may be given as JSON where only a text can stand, in a flag or a variable", () => {
    const entries = [{ identity: "CS1", password: "a, [long] password", booted: true }, "CS2"];
    const value = [
      { ...nothing, identity: "CS1", password: "a, [long] password", booted: true },
      { ...nothing, identity: "CS2" },
    ];
    expect(readStations(JSON.stringify(entries))).toEqual({ value });
    expect(readStations(`\n ${JSON.stringify(entries, undefined, 2)}`)).toEqual({ value });
    expect(readStations("CS1, CS2")).toMatchObject({ value: [{ identity: "CS1" }, { identity: "CS2" }] });
  });

  test("may have a whole Authorization header for a password", () => {
    const encoded = Buffer.from("CP1:open:sesame").toString("base64");
    expect(passwordOf(`Basic ${encoded}`, "CP1")).toBe("open:sesame");
    expect(passwordOf(encoded, "CP1")).toBe("open:sesame");
    expect(passwordOf(encoded, "CP2")).toBe(encoded);
  });

  test.each([
    [[{ identity: "a:b" }], "no colon"],
    [[{ identity: "" }], "1 to 48"],
    [["A/B"], "slash"],
    [[{ identity: ".." }], "neither `.` nor `..`"],
    [[{ identity: "a\ud800" }], "half of a surrogate pair"],
    [[{ identity: "x".repeat(49) }], "1 to 48"],
    [[{}], "needs an identity"],
    [[3], "must be an identity"],
    [[{ identity: "a", password: 3 }], "must be a text"],
    [[{ identity: "a", heartbeatInterval: 0 }], "above 0"],
    [[{ identity: "a", securityProfile: 4 }], "0, 1, 2 or 3"],
    [[{ identity: "a", registration: "accepted" }], "Accepted, Pending, Rejected"],
    [[{ identity: "a", serialNumber: "" }], "1 to 255"],
    [[{ identity: "a", serialNumber: 4711 }], "must be a text"],
    [[{ identity: "a", pasword: "x" }], "Did you mean password?"],
    [[{ identity: "a", Name: "b" }], "twice"],
    [["a", "a"], "an earlier one"],
    [{ a: 1 }, "must be a list"],
    [[{ identity: "a", booted: "yes" }], "true or false"],
    [[{ identity: "a", booted: true, registration: "Pending" }], "a: a station that is Pending cannot be marked"],
    ['{"identity":"a"}', "must be a list"],
    ['[{"identity":"a"', "is not valid JSON"],
  ])("are refused where they cannot be meant: %j", (raw, reason) => {
    expect(readStations(raw)).toEqual({ problem: expect.stringContaining(reason) as unknown });
  });

  test("are refused without showing a password", () => {
    expect(JSON.stringify(readStations([{ identity: "a", password: "hunter2", securityProfile: 9 }]))).not.toContain(
      "hunter2",
    );
    expect(JSON.stringify(readStations('[{"identity":"a","password":"hunter2"'))).not.toContain("hunter2");
    expect(JSON.stringify(readStations("[hunter2]"))).not.toContain("hunter2");
  });
});
