import { describe, expect, it } from "vitest";
import { raisedProfile } from "./security-raise.ts";

const change = (value: string, status: string): { action: string; payload: string; result: string } => ({
  action: "ChangeConfiguration",
  payload: JSON.stringify({ key: "SecurityProfile", value }),
  result: JSON.stringify({ status }),
});

describe("the security profile of a station", () => {
  it("is raised to the one that it has accepted, once it shows that or a higher one (A05.FR.07)", () => {
    expect(raisedProfile([change("2", "Accepted")], 1, 2)).toBe(2);
    expect(raisedProfile([change("3", "Accepted")], 1, 2)).toBeUndefined();
    expect(raisedProfile([], 1, 2)).toBeUndefined();
    // What was asked for, and no more: it may fall back to profile 2 when its certificate ends.
    expect(raisedProfile([change("2", "Accepted")], 1, 3)).toBe(2);
    expect(raisedProfile([change("1", "Accepted")], 0, 2)).toBe(1);
    const profile = {
      action: "SetNetworkProfile",
      payload: '{"connectionData":{"securityProfile":3}}',
      result: '{"status":"Accepted"}',
    };
    expect(raisedProfile([profile], 2, 3)).toBe(3);
  });

  it("goes by the newest command that was not refused, and never down", () => {
    expect(raisedProfile([change("3", "Rejected"), change("2", "Accepted")], 1, 2)).toBe(2);
    expect(raisedProfile([change("1", "Accepted"), change("2", "Accepted")], 1, 2)).toBeUndefined();
    expect(raisedProfile([change("1", "Accepted")], 2, 3)).toBeUndefined();
    for (const value of ["", "4", "-1", "1e0", "0x2", "high"]) {
      expect(raisedProfile([change(value, "Accepted"), change("2", "Accepted")], 1, 3)).toBe(2);
    }
    expect(raisedProfile([{ action: "ChangeConfiguration", payload: "no JSON", result: null }], 0, 3)).toBeUndefined();
  });
});
