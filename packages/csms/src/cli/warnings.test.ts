import { describe, expect, test } from "vitest";
import { testConfiguration } from "../config/configuration.fixture.ts";
import type { SomeConfiguration } from "../config/configuration.ts";
import { insecurities } from "./warnings.ts";

const host = "0.0.0.0";

describe("insecurities", () => {
  test("are none on loopback, nor where everything is done", () => {
    expect(insecurities(testConfiguration())).toEqual([]);
    const safe: SomeConfiguration = {
      webSocket: { host, securityProfiles: [2, 3], tls: { enabled: true } },
      api: { host, tls: { enabled: true } },
    };
    expect(insecurities(testConfiguration(safe))).toEqual([]);
    const behindProxy: SomeConfiguration = {
      webSocket: { host, securityProfiles: [1, 2], trustProxy: ["10.0.0.1"] },
      api: { host, trustProxy: ["10.0.0.1"] },
    };
    expect(insecurities(testConfiguration(behindProxy))).toEqual([]);
  });

  test.each<[SomeConfiguration, string]>([
    [{ webSocket: { host, securityProfiles: [0] } }, "without a password"],
    [{ webSocket: { host, securityProfiles: [1] } }, "in the clear"],
    [{ webSocket: { host, securityProfiles: [3] }, stations: { unknown: "accept" } }, "Any station"],
    [{ webSocket: { host, securityProfiles: [3] }, tokens: { unknown: "accept" } }, "Any id token"],
    [{ webSocket: { securePort: 0, tls: { ca: ["ca.pem"] } } }, "of any organization"],
    [{ webSocket: { securePort: 0, tls: { ca: ["ca.pem"], organization: "Acme", firstUse: true } } }, "firstUse"],
    [{ api: { host } }, "Keys to the REST interface"],
    [{ api: { cors: ["*"] } }, "Every web page"],
    [{ store: { type: "postgres", postgres: { host: "db.example.com" } } }, "PostgreSQL"],
  ])("are told: %j", (some, reason) => {
    expect(insecurities(testConfiguration(some))).toEqual([expect.stringContaining(reason) as unknown]);
  });
});
