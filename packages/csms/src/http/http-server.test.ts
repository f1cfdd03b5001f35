import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { healthResource } from "../observability/rest/health.ts";
import { type TestApi, testApi } from "./api.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "ocpp-api-tls-"));
const cert = join(folder, "cert.pem");
const key = join(folder, "key.pem");
let api: TestApi;

beforeAll(async () => {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const how = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", [...how, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  const tls = { enabled: true, cert: [cert], key: [key] };
  api = await testApi([healthResource], { configuration: { api: { tls } } });
  await api.listen();
});

afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("over TLS", () => {
  it("serves, and tells browsers to stay with it", async () => {
    expect(api.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const answer = await new Promise<{ status: number | undefined; security: unknown }>((resolve, reject) => {
      request(`${api.url}/health`, { rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, security: response.headers["strict-transport-security"] });
      })
        .on("error", reject)
        .end();
    });
    expect(answer).toEqual({ status: 200, security: expect.stringContaining("max-age=") });
  });

  it("refuses TLS before 1.2", async () => {
    const failed = await new Promise<boolean>((resolve) => {
      const socket = connect({
        port: api.port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        minVersion: "TLSv1.1",
        maxVersion: "TLSv1.1",
        ciphers: "DEFAULT@SECLEVEL=0",
      });
      socket.on("secureConnect", () => {
        resolve(false);
      });
      socket.on("error", () => {
        resolve(true);
      });
    });
    expect(failed).toBe(true);
  });

  it("does not start without its files", async () => {
    const tls = { enabled: true, cert: [join(folder, "no.pem")], key: [key] };
    await expect(testApi([healthResource], { configuration: { api: { tls } } })).rejects.toThrow(/no\.pem/);
  });
});
