import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Configuration } from "./configuration.ts";
import { configurationOf } from "./read-configuration.ts";
import { settingList } from "./setting-list.ts";
import { withSettingsTable } from "./settings-table.fixture.ts";
import { readValue } from "./value-reading.ts";

const guide = new URL("../../../../docs/guide/csms-configuration.md", import.meta.url);

describe("the table of settings", () => {
  test("has a default for every setting that is allowed itself", () => {
    for (const { path, setting } of settingList) {
      expect(readValue(setting, setting.default, "/"), path).toHaveProperty("value");
    }
  });

  test("gives every setting a flag and a variable of its own", () => {
    const flags = settingList.flatMap((entry) => entry.flags);
    expect(new Set(flags).size).toBe(flags.length);
    const own = settingList.map(({ variables }) => variables.at(-1));
    expect(new Set(own).size).toBe(own.length);
    expect(own).toContain("OCPP_CSMS_WEB_SOCKET_CALL_RATE_PER_SECOND");
  });

  test("names the variables of go-ocpp-server, with its defaults but for where the file is", () => {
    const byVariable = new Map(settingList.map((entry) => [entry.variables[0], entry]));
    const defaults = Object.fromEntries(
      [
        ["OCPP_HOST"],
        ["OCPP_WEBSOCKET_PORT"],
        ["OCPP_API_PORT"],
        ["OCPP_SYSTEM_NAME"],
        ["OCPP_HEARTBEAT_INTERVAL"],
        ["OCPP_USE_TLS"],
        ["OCPP_CERT_FILE"],
        ["OCPP_KEY_FILE"],
        ["OCPP_MAX_CONNECTIONS"],
        ["DB_TYPE"],
        ["DB_SQLITE_PATH"],
        ["DB_HOST"],
        ["DB_PORT"],
        ["DB_USER"],
        ["DB_PASSWORD"],
        ["DB_NAME"],
        ["DB_SSL_MODE"],
      ].map(([name = ""]) => [name, byVariable.get(name)?.setting.default]),
    );
    expect(defaults).toEqual({
      OCPP_HOST: "127.0.0.1",
      OCPP_WEBSOCKET_PORT: 9000,
      OCPP_API_PORT: 9001,
      OCPP_SYSTEM_NAME: "ocpp-central",
      OCPP_HEARTBEAT_INTERVAL: 60,
      OCPP_USE_TLS: false,
      OCPP_CERT_FILE: ["cert.pem"],
      OCPP_KEY_FILE: ["key.pem"],
      OCPP_MAX_CONNECTIONS: 0,
      DB_TYPE: "sqlite",
      DB_SQLITE_PATH: null,
      DB_HOST: "localhost",
      DB_PORT: 5432,
      DB_USER: "postgres",
      DB_PASSWORD: "postgres",
      DB_NAME: "ocpp_server",
      DB_SSL_MODE: "disable",
    });
  });

  test("stands in the guide (write it with OCPP_WRITE_SETTINGS_TABLE=1)", () => {
    const text = readFileSync(guide, "utf8");
    if (process.env["OCPP_WRITE_SETTINGS_TABLE"] === "1") writeFileSync(guide, withSettingsTable(text));
    expect(readFileSync(guide, "utf8")).toBe(withSettingsTable(text));
  });

  test.each([
    ["messageIds", "lenient", /must be .*tolerant.*strict/],
    ["noCommonVersion", true, /must be .*close.*refuse/],
    ["duplicates", "replace", /must be .*newest.*oldest/],
  ])("takes no webSocket.%s that is %j", (name, value, problem) => {
    expect(() => configurationOf({ webSocket: { [name]: value } })).toThrow(problem);
  });

  test("types the configuration", () => {
    const configuration = configurationOf();
    expectTypeOf(configuration.webSocket.securityProfiles).toEqualTypeOf<readonly (0 | 1 | 2 | 3)[]>();
    expectTypeOf(configuration.store.type).toEqualTypeOf<"sqlite" | "postgres">();
    expectTypeOf(configuration.webSocket.securePort).toEqualTypeOf<number | null>();
    expectTypeOf(configuration.api.docs).toEqualTypeOf<boolean>();
    expectTypeOf<Configuration["systemName"]>().toEqualTypeOf<string>();
    expect(Object.isFrozen(configuration.webSocket.tls)).toBe(true);
  });
});
