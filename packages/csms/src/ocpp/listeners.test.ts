import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";

let folder = "";
let running: TestGateway | undefined;
const password = "correct-horse-battery";
const boot = { chargePointVendor: "Acme", chargePointModel: "Mono" };

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
}

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function certificate(name: string, subject: string, extension: string): void {
  openssl("req", ...ec, "-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-addext", extension);
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-CA",
    "root.pem",
    "-CAkey",
    "root.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-copy_extensions",
    "copy",
    "-out",
    `${name}.pem`,
  );
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ocpp-csms-tls-"));
  openssl("req", "-x509", ...ec, "-days", "2", "-subj", "/O=Acme/CN=Root", "-keyout", "root.key", "-out", "root.pem");
  certificate("server", "/CN=localhost", "subjectAltName=IP:127.0.0.1");
  certificate("renewed", "/CN=renewed", "subjectAltName=IP:127.0.0.1");
  certificate("station", "/O=Acme/CN=CS001", "subjectAltName=DNS:CS001");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const file = (name: string): string => join(folder, name);

async function start(more: object = {}): Promise<TestGateway> {
  const tls = { cert: [file("server.pem")], key: [file("server.key")], ca: [file("root.pem")] };
  running = await testGateway({ configuration: { webSocket: { securePort: 0, tls, ...more } } });
  return running;
}

describe("two listeners", () => {
  it("serve plain and TLS at once, and the newest connection of a station counts over both", async () => {
    const test = await start();
    const { gateway, services } = test;
    expect(gateway.url).toMatch(/^ws:/);
    expect(gateway.secureUrl).toMatch(/^wss:/);
    await services.stations.add("CS001", { password });
    const tls = { ca: readFileSync(file("root.pem")) };
    const plain = await test.station16("CS001", {}, { password });
    const secure = await test.station16(
      "CS001",
      { ClearCache: () => ({ status: "Accepted" }) },
      { password, tls, url: gateway.secureUrl },
    );
    expect(await plain.closed).toMatchObject({ code: 4001 });
    expect(await secure.call("BootNotification", boot)).toMatchObject({ status: "Accepted" });
    expect(await services.operations.clearCache("CS001", "test")).toMatchObject({ accepted: true });
    expect(services.connections.size).toBe(1);
    expect((await services.stations.get("CS001"))?.connected).toBe(1);
    const back = await test.station16("CS001", {}, { password });
    expect(await secure.closed).toMatchObject({ code: 4001 });
    expect(back.state).toBe("open");
    expect(services.connections.size).toBe(1);
  });

  it("let the oldest connection of a station count over both where it is configured so", async () => {
    const test = await start({ duplicates: "oldest" });
    const { gateway, services } = test;
    await services.stations.add("CS001", { password });
    const tls = { ca: readFileSync(file("root.pem")) };
    const secure = { password, tls, url: gateway.secureUrl };
    const plain = await test.station16("CS001", {}, { password });
    await expect(test.station16("CS001", {}, secure)).rejects.toMatchObject({ status: 409 });
    expect(plain.state).toBe("open");
    await plain.close();
    await until(
      () => services.connections.size,
      (size) => size === 0,
    );
    // At the same time only one of the two stays, whichever it is.
    const both = await Promise.allSettled([
      test.station16("CS001", {}, { password }),
      test.station16("CS001", {}, secure),
    ]);
    const peers = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await until(
      () => peers.filter(({ state }) => state === "open").length,
      (open) => open === 1,
    );
    expect(services.connections.size).toBe(1);
  });

  it("hold stations to profiles 2 and 3", async () => {
    const test = await start();
    const { gateway, services } = test;
    await services.stations.add("CS001", { password, securityProfile: 3, serialNumber: "CS001" });
    await services.stations.add("CS002", { password, securityProfile: 2 });
    const ca = readFileSync(file("root.pem"));
    const own = { ca, cert: readFileSync(file("station.pem")), key: readFileSync(file("station.key")) };
    const url = gateway.secureUrl;
    await expect(test.station16("CS001", {}, { password, tls: { ca }, url })).rejects.toMatchObject({ status: 403 });
    await expect(test.station16("CS002", {}, { password })).rejects.toMatchObject({ status: 403 });
    // The certificate alone is enough; that of another station is not.
    expect((await test.station16("CS001", {}, { tls: own, url })).state).toBe("open");
    await expect(test.station16("CS002", {}, { tls: own, url })).rejects.toMatchObject({ status: 403 });
    expect((await test.station16("CS002", {}, { password, tls: { ca }, url })).state).toBe("open");
  });

  it("take new certificates without a restart", async () => {
    const test = await start();
    const { gateway, services } = test;
    await services.stations.add("CS001", { password });
    const ca = readFileSync(file("root.pem"));
    const open = await test.station16("CS001", {}, { password, tls: { ca }, url: gateway.secureUrl });
    openssl("pkey", "-in", "renewed.key", "-out", "server.key");
    openssl("x509", "-in", "renewed.pem", "-out", "server.pem");
    await gateway.updateTls();
    const port = gateway.securePort ?? 0;
    const { connect } = await import("node:tls");
    const subject = await new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", ca }, () => {
        resolve(socket.getPeerCertificate().subject.CN);
        socket.destroy();
      });
      socket.on("error", reject);
    });
    expect(subject).toBe("renewed");
    expect(open.state).toBe("open");
  });

  it("say which file cannot be read", async () => {
    const tls = { enabled: true, cert: [file("missing.pem")], key: [file("server.key")], ca: [] };
    await expect(testGateway({ configuration: { webSocket: { tls } } })).rejects.toThrow("missing.pem");
  });
});

it("closes after the calls in flight, and writes that down", async () => {
  const test = await testGateway();
  running = test;
  await test.services.stations.add("CS001", {});
  let answer: (response: { status: "Accepted" }) => void = () => {};
  const peer = await test.station16("CS001", {
    ClearCache: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const asked = test.services.operations.clearCache("CS001", "test");
  await until(() => test.events.some(({ kind }) => kind === "command.sent"), Boolean);
  const closing = test.gateway.close(5_000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  answer({ status: "Accepted" });
  expect(await asked).toMatchObject({ accepted: true });
  await closing;
  expect(await peer.closed).toMatchObject({ code: 1001 });
  expect((await test.services.stations.get("CS001"))?.connected).toBe(0);
});
