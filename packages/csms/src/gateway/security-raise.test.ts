import { describe, expect, it } from "vitest";
import { raisedProfile } from "./security-raise.ts";

const change = (value: string, status: string): { action: string; payload: string; result: string } => ({
  action: "ChangeConfiguration",
  payload: JSON.stringify({ key: "SecurityProfile", value }),
  result: JSON.stringify({ status }),
});

describe("the security profile of a station", () => {
  it("is raised to the one it shows, where it has accepted a higher one", () => {
    expect(raisedProfile([change("2", "Accepted")], 1, 2)).toBe(2);
    expect(raisedProfile([change("3", "Accepted")], 1, 2)).toBeUndefined();
    expect(raisedProfile([], 1, 2)).toBeUndefined();
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
    expect(raisedProfile([{ action: "ChangeConfiguration", payload: "no JSON", result: null }], 0, 3)).toBeUndefined();
  });
});
