import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the demonstration as `npm run demo` does, on the sources. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--conditions=@ocpp/source", "--import", "tsx", main, ...args], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, ...texts })) };
}

const run = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> => start(args, env).ended;

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

describe("the demonstration", () => {
  it("shows every frame and a summary, and ends with 0", async () => {
    const { code, stdout, stderr } = await run(["--rate", "0"], { COLUMNS: "160" });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).not.toContain("\u001b");
    const lines = stdout.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(160);
    expect(lines[0]).toMatch(/^One CSMS at ws:\/\/127\.0\.0\.1:\d+, OCPP 1\.6, 2\.0\.1, 2\.1;/);
    for (const title of ["OCPP 1.6, alder:", "OCPP 2.0.1, birch:", "OCPP 2.1, cedar:"]) {
      expect(lines).toContain(`${title} local charge`);
      expect(lines).toContain(`${title} remote charge`);
    }
    const time = String.raw`\d\d:\d\d:\d\d\.\d{3}`;
    expect(stdout).toMatch(
      new RegExp(`^${time} 1\\.6   alder ──▶ csms CALL   StartTransaction +\\{connectorId: 1,`, "m"),
    );
    expect(stdout).toMatch(
      new RegExp(`^${time} 1\\.6   alder ◀── csms RESULT StartTransaction +[\\d.]+ ms \\{transactionId: 1,`, "m"),
    );
    expect(stdout).toMatch(new RegExp(`^${time} 2\\.0\\.1 birch ◀── csms CALL   RequestStartTransaction +\\{`, "m"));
    expect(stdout).toMatch(
      new RegExp(`^${time} 2\\.1   cedar ──▶ csms SEND   NotifyPeriodicEventStream +\\{id: 1`, "m"),
    );
    expect(stdout).not.toMatch(/ERROR|BROKEN|✗/);
    expect(stdout).toMatch(/All \d+ steps went as expected\.\n$/);
  });

  it("writes JSON lines from which the calls of both charges can be read", async () => {
    const { code, stdout } = await run(["--rate", "0", "--json"]);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect(lines[0]).toMatchObject({ type: "listening" });
    expect(lines.at(-1)).toMatchObject({ type: "summary", ok: true });
    const frames = lines.filter(({ type }) => type === "frame");
    const actionsOf = (version: string): unknown[] =>
      frames.filter((frame) => frame["version"] === version && frame["kind"] === "call").map(({ action }) => action);
    expect(actionsOf("1.6").join(" ")).toBe(
      [
        "BootNotification StatusNotification Authorize StatusNotification StartTransaction StatusNotification",
        "MeterValues StatusNotification StopTransaction StatusNotification",
        "RemoteStartTransaction StatusNotification StartTransaction StatusNotification MeterValues",
        "RemoteStopTransaction StatusNotification StopTransaction StatusNotification",
      ].join(" "),
    );
    for (const version of ["2.0.1", "2.1"]) {
      const events = frames
        .filter(
          (frame) => frame["version"] === version && frame["kind"] === "call" && frame["action"] === "TransactionEvent",
        )
        .map(({ payload }) => (payload as { eventType: string }).eventType);
      const types = new Set(events);
      expect(types).toEqual(new Set(["Started", "Updated", "Ended"]));
      expect(events.filter((type) => type === "Ended")).toHaveLength(2);
      expect(actionsOf(version)).toEqual(
        expect.arrayContaining(["BootNotification", "Authorize", "RequestStartTransaction", "RequestStopTransaction"]),
      );
    }
    const sent = frames.filter(({ kind }) => kind === "send");
    expect(sent).toMatchObject([{ version: "2.1", to: "csms", action: "NotifyPeriodicEventStream" }]);
    expect(JSON.parse(String(sent[0]?.["text"]))).toMatchObject([
      6,
      expect.any(String),
      "NotifyPeriodicEventStream",
      { id: 1 },
    ]);
    const answers = frames.filter(({ kind }) => kind === "result");
    expect(answers).toHaveLength(frames.filter(({ kind }) => kind === "call").length);
    expect(answers.every(({ durationMs }) => typeof durationMs === "number")).toBe(true);
    const steps = lines.filter(({ type }) => type === "step");
    expect(steps.length).toBeGreaterThan(50);
    expect(steps.every(({ outcome }) => outcome === "expected")).toBe(true);
  });

  it("shows only the versions that are asked for, in colour where that is asked for", async () => {
    const plain = await run(["--rate", "0", "--versions", "2.1,1.6"], { NO_COLOR: "1", FORCE_COLOR: "1" });
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain("OCPP 1.6, 2.1;");
    expect(plain.stdout).not.toContain("2.0.1");
    expect(plain.stdout).not.toContain("\u001b");
    const coloured = await run(["--rate", "0", "--versions", "1.6"], { FORCE_COLOR: "1" });
    expect(coloured.stdout).toContain("\u001b[33m1.6   alder\u001b[0m");
    const option = await run(["--rate", "0", "--versions", "1.6", "--no-color"], { FORCE_COLOR: "1" });
    expect(option.stdout).not.toContain("\u001b");
  });

  it("tells its options", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const option of ["--port", "--versions", "--rate", "--json", "--no-color", "npm run demo -- --versions 2.1"]) {
      expect(stdout).toContain(option);
    }
  });

  it("says what is wrong with an option and ends with 2", async () => {
    const { code, stdout, stderr } = await run(["--prot", "1"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe("Unknown option '--prot'.\nSee npm run demo -- --help\n");
  });

  it("says that a port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => {
      server.close();
    });
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stderr } = await run(["--port", String(port), "--rate", "0"]);
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} of 127.0.0.1 is in use: choose another one, or 0 for any free one.\n`);
  });

  it.skipIf(process.platform === "win32")("ends on Ctrl-C with 130", async () => {
    const { child, ended } = start(["--rate", "5"]);
    let interrupted = false;
    child.stdout?.on("data", (text: string) => {
      if (interrupted || !text.includes("RESULT")) return;
      interrupted = true;
      child.kill("SIGINT");
    });
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stdout).not.toContain("went as expected");
    expect(stderr).toBe("");
  });
});
