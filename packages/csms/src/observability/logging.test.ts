import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { testConfiguration } from "../config/configuration.fixture.ts";
import type { SomeConfiguration } from "../config/configuration.ts";
import { fileSize, openLogOutput } from "./log-output.ts";
import { createLog, type Log } from "./logging.ts";
import { prettyLine } from "./pretty-line.ts";

type Settings = NonNullable<SomeConfiguration["log"]>;

function keepingLog(settings: Settings = {}): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const output = { write: (line: string) => lines.push(line) };
  return { log: createLog({ settings: testConfiguration({ log: settings }).log, systemName: "test", output }), lines };
}

describe("a log", () => {
  test("writes lines of JSON with level, time, part and fields", () => {
    const { log, lines } = keepingLog();
    log.part("gateway").info({ stationId: "CS1" }, "A station connected");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: 30,
      system: "test",
      part: "gateway",
      stationId: "CS1",
      msg: "A station connected",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
    });
  });

  test("has a level, and others for single parts", () => {
    const { log, lines } = keepingLog({ level: "warn", levels: { gateway: "debug", store: "error" } });
    log.info({}, "no");
    log.part("api").info({}, "no");
    log.part("store").warn({}, "no");
    log.part("gateway").debug({}, "yes");
    log.part("api").warn({}, "yes");
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["yes", "yes"]);
  });

  test.each([
    [{ password: "hunter22" }, "x"],
    [{ request: { authorization: "Basic Q1MxOmh1bnRlcjIy hunter22" } }, "x"],
    [{}, "refused Authorization: Basic hunter22Q1M="],
    [{}, "got Bearer hunter22AAAA from 10.0.0.1"],
    [{}, 'frame {"key":"AuthorizationKey","basicAuthPassword":"hunter22"}'],
    [{}, "GET /ocpp/CS1?ticket=hunter22&x=1"],
    [{ url: "postgres://postgres:hunter22@db/ocpp" }, "cannot connect"],
    [{ error: new Error("password: hunter22") }, "failed"],
  ])("masks secrets: %o %s", (fields, text) => {
    const { log, lines } = keepingLog();
    log.error(fields, text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("hunter22");
    expect(lines[0]).toContain("***");
    expect(() => JSON.parse(lines[0] ?? "") as unknown).not.toThrow();
  });

  test("leaves words alone that only look like credentials", () => {
    const { log, lines } = keepingLog();
    log.info({}, "Basic authentication failed, no password was given");
    expect(lines[0]).toContain("Basic authentication failed, no password was given");
  });

  test("keeps every entry to one line of JSON without acting characters, whatever a station is called", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "a\nb",
        "\u001b[2J",
        "\u009b2J",
        "\u2028{}",
        "\u202e",
        "\r\n\r\n",
        "%s%o",
        '"}\n{"level":60',
        'api_key="\\"',
      ),
    );
    const { log, lines } = keepingLog();
    fc.assert(
      fc.property(nasty, nasty, (id, text) => {
        lines.length = 0;
        log.info({ stationId: id }, text);
        const line = lines[0] ?? "";
        expect(line.endsWith("\n")).toBe(true);
        // oxlint-disable-next-line no-control-regex
        expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
        expect(JSON.parse(line)).toHaveProperty("level", 30);
        // oxlint-disable-next-line no-control-regex
        expect(prettyLine(line).slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      }),
    );
  });

  test("is written for people with time, level, part, text and fields", () => {
    const line = '{"level":40,"time":"2026-11-24T10:11:12.345Z","system":"x","part":"api","msg":"Slow","ms":12}\n';
    expect(prettyLine(line)).toBe("10:11:12.345 WARN  api: Slow ms=12\n");
  });
});

describe("log files", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "csms-log-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each(["size", "hourly", "daily"] as const)(
    "are begun anew and deleted within their limits (%s)",
    async (rotation) => {
      const { log: settings } = testConfiguration({
        log: { folder: join(folder, "new"), rotation, maxSize: 4_096, maxFiles: 3, maxDiskUsage: 100_000 },
      });
      const output = await openLogOutput(settings);
      const log = createLog({ settings, systemName: "test", output });
      const modes = async (): Promise<number[]> => {
        const names = await readdir(settings.folder ?? "");
        const stats = await Promise.all(names.map((name) => stat(join(settings.folder ?? "", name))));
        return stats.map(({ mode }) => mode & 0o777);
      };
      const texts = async (): Promise<string[]> => {
        const names = await readdir(settings.folder ?? "");
        return Promise.all(names.map((name) => readFile(join(settings.folder ?? "", name), "utf8")));
      };
      for (let batch = 0; batch < 8; batch += 1) {
        for (let line = 0; line < 40; line += 1) log.info({ batch }, "x".repeat(100));
        await expect.poll(async () => (await texts()).join("")).toContain(`"batch":${batch}`);
      }
      await output.close();
      // Old files are deleted after the new one was begun.
      await expect.poll(async () => (await texts()).length).toBeLessThanOrEqual(4);
      expect(new Set(await modes())).toEqual(new Set([0o600]));
      const kept = await texts();
      expect(kept.length).toBeGreaterThan(1);
      expect(kept.join("")).toContain('"batch":7');
      expect(kept.join("")).not.toContain('"batch":0');
      for (const line of kept.join("").trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("system", "test");
    },
  );

  test("whose folder cannot be written to leave no timer behind that would fail at the next hour", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const { log: settings } = testConfiguration({ log: { folder: join(file, "below"), rotation: "hourly" } });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await expect(openLogOutput(settings)).rejects.toThrow("log.folder: log files cannot be written to");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("of earlier are closed to others, and other files are let be", async () => {
    const { log: settings } = testConfiguration({ log: { folder } });
    const modeOf = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;
    for (const name of ["ocpp-csms.7.log", "other.log"]) await writeFile(join(folder, name), "", { mode: 0o644 });
    await (await openLogOutput(settings)).close();
    expect([await modeOf("ocpp-csms.7.log"), await modeOf("other.log")]).toEqual([0o600, 0o644]);
  });

  test("share what disk they may use", () => {
    const { log } = testConfiguration({ log: { maxSize: 1_000_000, maxFiles: 10, maxDiskUsage: 5_000_000 } });
    expect(fileSize(log)).toBe(500_000);
    expect(fileSize({ ...log, maxDiskUsage: 0 })).toBe(1_000_000);
    expect(fileSize({ ...log, maxDiskUsage: 50_000_000 })).toBe(1_000_000);
  });

  test("that cannot be made are an error", async () => {
    const { log: settings } = testConfiguration({ log: { folder: "/dev/null/log" } });
    await expect(openLogOutput(settings)).rejects.toThrow();
  });
});
