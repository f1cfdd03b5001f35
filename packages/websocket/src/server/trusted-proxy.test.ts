import { describe, expect, it } from "vitest";
import { originOf, plainAddress, proxyTest } from "./trusted-proxy.ts";

const trusted = proxyTest(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
const from = (address: string, headers: Record<string, string>) =>
  originOf({ address, secure: false }, headers, trusted);

describe("proxyTest", () => {
  it("knows addresses and subnets", () => {
    expect(["10.1.2.3", "192.0.2.1", "2001:db8::1"].map(trusted)).toEqual([true, true, true]);
    expect(["11.1.2.3", "192.0.2.2", "2001:db9::1", "", "nonsense"].map(trusted)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(proxyTest(undefined)("127.0.0.1")).toBe(false);
    expect(proxyTest((address) => address === "x")("x")).toBe(true);
    expect(() => proxyTest(["proxy.local"])).toThrow(TypeError);
  });
});

describe("originOf", () => {
  it("believes nobody else", () => {
    expect(from("203.0.113.9", { "x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https" })).toEqual({
      address: "203.0.113.9",
      secure: false,
    });
  });

  it("takes the last address that is no proxy: what a client puts in front is of no use", () => {
    const headers = { "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.2", "x-forwarded-proto": "http, https" };
    expect(from("10.0.0.1", headers)).toEqual({ address: "203.0.113.9", secure: true });
    expect(from("10.0.0.1", { ...headers, "x-forwarded-proto": "https, http" }).secure).toBe(false);
  });

  it("keeps the proxy's address where the header says nothing usable", () => {
    expect(from("10.0.0.1", {})).toEqual({ address: "10.0.0.1", secure: false });
    expect(from("10.0.0.1", { "x-forwarded-for": "unknown" }).address).toBe("10.0.0.1");
    expect(from("10.0.0.1", { "x-forwarded-for": "10.0.0.7, 10.0.0.8" }).address).toBe("10.0.0.7");
  });

  it("writes IPv4 addresses as such", () => {
    expect(plainAddress("::ffff:127.0.0.1")).toBe("127.0.0.1");
    expect(plainAddress("::1")).toBe("::1");
    expect(plainAddress(undefined)).toBe("");
  });
});
