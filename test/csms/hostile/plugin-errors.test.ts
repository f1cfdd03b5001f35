/* Errors of plug-ins that nobody catches, in a process of the CSMS; and errors that belong to no plug-in, which end it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../../packages/csms/dist/main.js", import.meta.url));

/** A plug-in that makes a mistake when it is started. */
const plugin = (name: string, mistake: string): string => `
import { EventEmitter } from "node:events";
import { connect } from "node:net";
export const plugin = { name: "${name}", setup: (host) => ({ start: () => { ${mistake} } }) };
`;

/** What ends a process of Node, and happens nowhere but in the plug-in. */
const mistakes: Readonly<Record<string, string>> = {
  timer: 'setTimeout(() => { throw new Error("careless"); }, 1);',
  interval: 'setInterval(() => { throw new Error("careless"); }, 1);',
  rejection: 'void Promise.reject(new Error("careless"));',
  "no-error": 'void Promise.reject("careless");',
  later: "void (async () => { await new Promise((resolve) => setTimeout(resolve, 1)); null.careless; })();",
  command: 'void host.call("nowhere", "Reset", { type: "Soft" });',
  operation: 'void host.operations.reset("nowhere", "Soft", "careless");',
  socket: 'connect(1, "127.0.0.1");',
  emitter: 'setImmediate(() => new EventEmitter().emit("error", new Error("careless")));',
  tick: 'process.nextTick(() => { throw new Error("careless"); });',
  signal: 'AbortSignal.timeout(1).addEventListener("abort", () => { throw new Error("careless"); });',
};

/** An error of the process that no plug-in has made, when it gets SIGUSR2. */
const foreign = (what: string): string => `process.on("SIGUSR2", () => { ${what} });`;

interface Running {
  readonly child: ChildProcess;
  readonly lines: () => string;
  /** Resolves when the output contains this. */
  readonly told: (text: string) => Promise<void>;
  readonly ended: Promise<unknown[]>;
}

describe("errors that nobody catches", () => {
  let folder = "";
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocpp-careless-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  /** Runs the CSMS with the modules by their names, and with one that is loaded before it. */
  const run = async (modules: Readonly<Record<string, string>>, outside = ""): Promise<Running> => {
    for (const [name, code] of Object.entries(modules)) writeFileSync(join(folder, `${name}.mjs`), code);
    writeFileSync(join(folder, "outside.mjs"), outside);
    const plugins = Object.keys(modules).map((name) => ({ module: `./${name}.mjs` }));
    writeFileSync(join(folder, "ocpp.json"), JSON.stringify({ plugins }));
    const before = pathToFileURL(join(folder, "outside.mjs")).href;
    const flags = ["serve", "--port=0", "--api-port=0", "--log-level=warn", `--config=${join(folder, "ocpp.json")}`];
    const child = spawn(process.execPath, ["--import", before, main, ...flags], {
      cwd: folder,
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const ended = once(child, "exit");
    const told = (what: string): Promise<void> => expect.poll(() => text, { timeout: 30_000 }).toContain(what);
    return { child, lines: () => text, told, ended };
  };

  test("are reported where they are a plug-in's, and stations are served", async () => {
    const modules = Object.entries(mistakes).map(([name, mistake]) => [name, plugin(name, mistake)]);
    const { child, lines, told, ended } = await run(Object.fromEntries(modules));
    const reports = (): { readonly plugin: string; readonly error: { readonly message?: string } | string }[] =>
      lines()
        .split("\n")
        .filter((line) => line.includes("was not caught"))
        .map((line) => JSON.parse(line));
    const names = (): string[] => Array.from(new Set(reports().map((report) => report.plugin))).toSorted();
    await expect.poll(names, { timeout: 30_000 }).toEqual(Object.keys(mistakes).toSorted());
    await told("Database");
    const rest = /^REST +(\S+)$/m.exec(lines())?.[1] ?? "";
    expect((await fetch(`${rest}/health`)).status).toBe(200);
    const of = (name: string): string => JSON.stringify(reports().find((report) => report.plugin === name)?.error);
    expect(of("socket")).toContain("ECONNREFUSED");
    expect(of("command")).toContain("nowhere");
    expect(of("timer")).toContain("careless");
    // However often one is made, a minute has few lines of it.
    expect(reports().filter((report) => report.plugin === "interval").length).toBeLessThan(10);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  test.each([
    ["a throw", 'throw new TypeError("of nobody");'],
    ["a rejection", 'void Promise.reject(new TypeError("of nobody"));'],
  ])("end the process with their stack and exit code 1 where they belong to no plug-in: %s", async (_title, what) => {
    const { child, lines, told, ended } = await run({ fine: plugin("fine", "") }, foreign(what));
    await told("Database");
    child.kill("SIGUSR2");
    expect(await ended).toEqual([1, null]);
    expect(lines()).toMatch(/TypeError: of nobody\n +at .*outside\.mjs/);
    expect(lines()).not.toContain("was not caught");
  });

  test("are reported with the entry where a module makes them while it is loaded", async () => {
    const early = `setTimeout(() => { throw new Error("careless"); }, 1);\n${plugin("early", "")}`;
    const { child, told, ended } = await run({ early });
    await told('"module":"plugins[0] (./early.mjs)"');
    await told("Database");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
