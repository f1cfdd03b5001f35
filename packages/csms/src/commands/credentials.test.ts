import { describe, expect, it } from "vitest";
import { passwordFate, passwordIn, passwordLimitIn, securityProfileIn } from "./credentials.ts";

const entry = (name: string, value: string, type?: string): object => ({
  attributeValue: value,
  ...(type === undefined ? {} : { attributeType: type }),
  component: { name: "SecurityCtrlr" },
  variable: { name },
});

describe("passwords in commands", () => {
  it("are found however they travel", () => {
    expect(passwordIn("ChangeConfiguration", { key: "authorizationkey", value: "00" })).toBe("00");
    expect(passwordIn("ChangeConfiguration", { key: "HeartbeatInterval", value: "00" })).toBeUndefined();
    expect(passwordIn("SetVariables", { setVariableData: [entry("X", "1"), entry("BasicAuthPassword", "pw")] })).toBe(
      "pw",
    );
    expect(
      passwordIn("SetVariables", { setVariableData: [entry("BasicAuthPassword", "pw", "Target")] }),
    ).toBeUndefined();
    expect(passwordIn("SetNetworkProfile", { connectionData: { basicAuthPassword: "pw" } })).toBe("pw");
    expect(passwordIn("Reset", { type: "Soft" })).toBeUndefined();
  });

  it("are in force, not in force or open, by the answer", () => {
    expect(passwordFate("ChangeConfiguration", { status: "Accepted" })).toBe("accepted");
    expect(passwordFate("ChangeConfiguration", { status: "RebootRequired" })).toBe("open");
    expect(passwordFate("ChangeConfiguration", { status: "NotSupported" })).toBe("refused");
    const result = (attributeStatus: string): object => ({
      setVariableResult: [{ ...entry("BasicAuthPassword", ""), attributeStatus }],
    });
    expect(passwordFate("SetVariables", result("Accepted"))).toBe("accepted");
    expect(passwordFate("SetVariables", result("Rejected"))).toBe("refused");
    expect(passwordFate("SetVariables", { setVariableResult: [] })).toBe("refused");
    expect(passwordFate("SetNetworkProfile", { status: "Accepted" })).toBe("open");
  });

  it("security profiles as well", () => {
    expect(securityProfileIn("ChangeConfiguration", { key: "SecurityProfile", value: "2" })).toBe(2);
    expect(securityProfileIn("ChangeConfiguration", { key: "SecurityProfile", value: "x" })).toBeUndefined();
    expect(securityProfileIn("SetNetworkProfile", { connectionData: { securityProfile: 3 } })).toBe(3);
    expect(securityProfileIn("Reset", {})).toBeUndefined();
  });
});

describe("the limit of a password in a report", () => {
  const reported = (name: string, maxLimit?: number): object => ({
    component: { name: "SecurityCtrlr" },
    variable: { name },
    variableCharacteristics: { maxLimit },
  });

  it("is that of BasicAuthPassword, where there is one", () => {
    expect(
      passwordLimitIn({ reportData: [reported("BasicAuthPassword", 64), reported("Identity", 48)] } as object),
    ).toBe(64);
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword")] } as object)).toBeUndefined();
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword", 0)] } as object)).toBeUndefined();
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword", 1e300)] } as object)).toBe(1_000_000);
    expect(passwordLimitIn({})).toBeUndefined();
  });
});
