import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { connect } from "@ocpp/websocket";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasOpenssl, makeCertificates } from "../../../websocket/src/server/certificates/certificates.fixture.ts";
import { runProgram } from "./program.ts";
import { type KeptTerminal, keptTerminal, run } from "./terminal.fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csms-serve-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const anyPort = ["--port=0", "--api-port=0", "--log-level=silent"];

/** Starts the program, and waits until it tells where everything is. */
async function start(
  argv: readonly string[],
): Promise<{ terminal: KeptTerminal; code: Promise<number>; url: (name: string) => string }> {
  const terminal = keptTerminal(folder);
  const code = runProgram([...anyPort, ...argv], terminal);
  const text = (): string => terminal.lines.err.join("\n");
  await expect.poll(text, { timeout: 20_000 }).toContain("Database");
  return { terminal, code, url: (name) => new RegExp(`^${name} +(\\S+)$`, "m").exec(text())?.[1] ?? "" };
}

describe("serve", () => {
  test("tells where stations, REST and its documentation are, serves them, and ends when told to", async () => {
    const { terminal, code, url } = await start(["--stations-unknown=accept"]);
    const [ws, rest, docs] = [url("Stations"), url("REST"), url("Docs")];
    expect((await fetch(`${rest}/health`)).status).toBe(200);
    expect((await fetch(docs)).status).toBe(200);
    const session = connect(ws.replace("<identity>", "CS1"), [
      station(
        v16,
        { Reset: () => ({ status: "Accepted" as const }) },
        { fallback: () => Promise.reject(new Error("no")) },
      ),
    ]);
    const peer = await session.ready;
    const boot = await peer.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    expect(boot.status).toBe("Accepted");
    await session.close();
    expect(terminal.lines.err.join("\n")).toContain("Stations can connect from this machine only");
    terminal.send("SIGTERM");
    expect(await code).toBe(0);
    expect(terminal.lines.err.at(-1)).toBe("Ended: everything was handled and is persisted.");
    expect(terminal.raised).toEqual([]);
    await expect(fetch(`${rest}/health`)).rejects.toThrow();
  });

  test.skipIf(!hasOpenssl())(
    "reads certificates anew on SIGHUP, and keeps the old ones where the new cannot be used",
    async () => {
      const { ecdsa, renewed } = makeCertificates();
      const write = ({ cert, key }: { readonly cert: string; readonly key: string }): void => {
        writeFileSync(join(folder, "cert.pem"), cert);
        writeFileSync(join(folder, "key.pem"), key);
      };
      write(ecdsa);
      const { terminal, code, url } = await start(["--web-socket-tls-enabled"]);
      const port = Number(new URL(url("Stations").replace("/<identity>", "")).port);
      const name = (): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
            resolve(String(socket.getPeerCertificate().subject.CN));
            socket.destroy();
          });
          socket.once("error", reject);
        });
      const told = (): string => terminal.lines.err.join("\n");
      expect(await name()).toBe("localhost");
      write(renewed);
      terminal.send("SIGHUP");
      await expect.poll(told).toContain("were read anew");
      expect(await name()).toBe("renewed");
      writeFileSync(join(folder, "key.pem"), "nonsense");
      terminal.send("SIGHUP");
      await expect.poll(told).toContain("stay as they are");
      expect(await name()).toBe("renewed");
      terminal.send("SIGTERM");
      expect(await code).toBe(0);
    },
  );

  test("lets calls in flight finish when told to end, and does not wait for them when told twice", async () => {
    const { terminal, code, url } = await start(["--stations-unknown=accept", "--shutdown-timeout=1h"]);
    let asked = (): void => {};
    const reset = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const silent = station(
      v16,
      {
        Reset: () => {
          asked();
          return new Promise<never>(() => {});
        },
      },
      { fallback: () => Promise.reject(new Error("no")) },
    );
    const session = connect(url("Stations").replace("<identity>", "CS1"), [silent]);
    const peer = await session.ready;
    await peer.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await fetch(`${url("REST")}/api/v1/stations/CS1/calls/Reset?wait=false`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"type":"Soft"}',
    });
    await reset;
    terminal.send("SIGTERM");
    await expect.poll(() => terminal.lines.err.at(-1)).toContain("once more to end at once");
    // That says nothing of the end.
    terminal.send("SIGHUP");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(terminal.raised).toEqual([]);
    terminal.send("SIGINT");
    expect(await code).toBe(1);
    expect(terminal.raised).toEqual(["SIGINT"]);
    await session.close();
  });

  test("ends at once when told to while it starts", async () => {
    const terminal = keptTerminal(folder);
    terminal.send("SIGHUP");
    terminal.send("SIGTERM");
    expect(await runProgram([...anyPort], terminal)).toBe(1);
    expect(terminal.lines.err).toContain("SIGTERM while starting: ended.");
    expect(terminal.raised).toEqual(["SIGTERM"]);
    // What had begun to start ends by itself here, where there is no process to end.
    await expect.poll(() => run(folder, ["export", "e.jsonl"]).then(({ code }) => code), { timeout: 20_000 }).toBe(0);
  });

  test("warns of what is not safe", async () => {
    const { terminal, code } = await start(["--host=0.0.0.0"]);
    expect(terminal.lines.err.join("\n")).toContain("Warning: Stations without a password may connect from anywhere");
    terminal.send("SIGINT");
    expect(await code).toBe(0);
  });

  test("ends with 1 and a sentence where a port is taken, and lets go of the database", async () => {
    const { terminal, code, url } = await start([]);
    const port = new URL(url("REST")).port;
    const second = await run(folder, ["serve", "--port=0", `--api-port=${port}`, "--data=other", "--log-level=silent"]);
    expect([second.code, second.err.includes(port), second.err.split("\n").length]).toEqual([1, true, 1]);
    const third = await run(folder, ["serve", ...anyPort]);
    expect([third.code, third.err.includes("in use")]).toEqual([1, true]);
    terminal.send("SIGTERM");
    await code;
    expect((await run(folder, ["export", "e.jsonl"])).code).toBe(0);
  });

  test("does not listen elsewhere than on loopback without a key", async () => {
    const refused = await run(folder, ["serve", ...anyPort, "--api-host=0.0.0.0"]);
    expect([refused.code, refused.err.includes("OCPP_API_KEY")]).toEqual([2, true]);
  });
});

describe("keys", () => {
  test("are added, listed and revoked, and open the door", async () => {
    const added = await run(folder, ["keys", "add", "dashboard", "--role", "viewer", "--days", "1"]);
    expect(added.code).toBe(0);
    const listed = await run(folder, ["keys", "list"]);
    expect(listed.out).toMatch(/^\d+\t\S+…\tviewer\tin force until \S+\tdashboard$/);
    expect(listed.out).not.toContain(added.out);

    const { terminal, code, url } = await start([]);
    const get = (headers: Record<string, string>): Promise<Response> => fetch(`${url("REST")}/api/status`, { headers });
    expect((await get({})).status).toBe(401);
    expect((await get({ authorization: `Bearer ${added.out}` })).status).toBe(200);
    expect((await run(folder, ["keys", "list"])).err).toContain("in use");
    terminal.send("SIGTERM");
    await code;

    const id = listed.out.split("\t")[0] ?? "";
    expect((await run(folder, ["keys", "revoke", id])).code).toBe(0);
    expect((await run(folder, ["keys", "revoke", id])).code).toBe(1);
    expect((await run(folder, ["keys", "list"])).out).toContain("\trevoked ");
  });
});

describe("the process", () => {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const node = ["--conditions=@ocpp/source", "--import", import.meta.resolve("tsx"), main];

  test("ends with 0 after SIGTERM, and writes its log as lines of JSON", async () => {
    const child = spawn(process.execPath, [...node, "serve", "--port=0", "--api-port=0"], { cwd: folder });
    const text = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      text.out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      text.err += chunk.toString();
    });
    await expect.poll(() => text.err, { timeout: 20_000 }).toContain("Database");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    for (const line of text.out.split("\n").filter((one) => one !== "")) {
      expect(JSON.parse(line)).toHaveProperty("system", "ocpp-central");
    }
  });

  test("ends with 2 where it is called wrongly", async () => {
    const child = spawn(process.execPath, [...node, "--nonsense"], { cwd: folder });
    expect(await once(child, "exit")).toEqual([2, null]);
  });
});
