import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settingList } from "../config/setting-list.ts";
import { commandList } from "./command-list.ts";
import { run } from "./terminal.fixture.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "csms-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the program", () => {
  test("tells what there is: every command, every setting", async () => {
    const { code, out } = await run(folder, ["--help"]);
    expect(code).toBe(0);
    for (const name of commandList.keys()) expect(out).toContain(`\n  ${name} `);
    for (const { flags, variables } of settingList) {
      expect(out).toContain(`--${flags[0]}`);
      expect(out).toContain(variables[0]);
    }
  });

  test.each([...commandList.keys()])("tells how %s is called", async (name) => {
    const { code, out } = await run(folder, [name, "-h"]);
    expect([code, out.startsWith(`Usage: ocpp-csms ${name}`)]).toEqual([0, true]);
  });

  test("tells its version", async () => {
    expect((await run(folder, ["--version"])).out).toMatch(/^\d+\.\d+\.\d+/);
    expect((await run(folder, ["-v"])).code).toBe(0);
  });

  test.each([
    [["confg"], "Did you mean config?"],
    [["config", "extra"], "Usage: ocpp-csms config"],
    [["backup"], "An argument is missing. Usage: ocpp-csms backup <file>"],
    [["import", "a", "b"], "too many arguments"],
    [["keys"], "keys add <name>"],
    [["keys", "add", "x", "--role", "god"], "viewer, operator, admin"],
    [["keys", "revoke", "x"], "by its number"],
    [["serve", "--portt", "3"], "Did you mean --port?"],
    [["config", "--port", "x"], 'flag --port: "x" is not allowed'],
  ])("ends with 2 where it is called wrongly: %j", async (argv, reason) => {
    const { code, out, err } = await run(folder, argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(reason);
  });
});

describe("config", () => {
  test("prints what is in force, from where, and no secret", async () => {
    const file = join(folder, "c.yaml");
    writeFileSync(
      file,
      "stations:\n  predefined: [{identity: CS1, password: hunter22hunter22}]\nplugins: [{module: x, options: {apiKey: hunter22, n: 1}}]\n",
    );
    const env = { OCPP_API_KEY: "hunter22hunter22", OCPP_CSMS_CONFIG: file, DB_PASSWORD: "hunter22" };
    const { code, out } = await run(folder, ["config", "--port", "1234"], env);
    expect(code).toBe(0);
    expect(out).toContain(`# read: ${file}`);
    expect(out).toMatch(/^webSocket\.port: 1234 +# flag --port$/m);
    expect(out).toMatch(/^api\.port: 9001 +# default$/m);
    expect(out).toMatch(/^api\.key: "\*\*\*" +# environment OCPP_API_KEY$/m);
    expect(out).toContain('"n":1');
    expect(out).not.toContain("hunter22");
    expect(out.split("\n").filter((line) => /^[a-z][\w.]*: /.test(line))).toHaveLength(settingList.length);
  });

  test("prints the same as JSON", async () => {
    const { out } = await run(folder, ["config", "--json"], { OCPP_API_KEY: "hunter22hunter22" });
    const { settings } = JSON.parse(out) as { settings: Record<string, { value: unknown; source: string }> };
    expect(Object.keys(settings)).toEqual(settingList.map(({ path }) => path));
    expect(settings["api.key"]).toEqual({ value: "***", source: "environment OCPP_API_KEY" });
    expect(settings["webSocket.securityProfiles"]?.value).toEqual([0, 1, 2, 3]);
  });

  test("passes on what should be known", async () => {
    const { code, err } = await run(folder, ["config"], { OCPP_RESET_INTERVAL: "1" });
    expect([code, err]).toEqual([
      0,
      "Warning: environment OCPP_RESET_INTERVAL: has no effect; it had none in go-ocpp-server either.",
    ]);
  });
});
