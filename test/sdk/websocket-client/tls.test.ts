import { once } from "node:events";
import { createServer, type ServerOptions } from "node:https";
import { type ConnectOptions, connect, type TlsOptions } from "@ocpp/websocket";
import { describe, expect, it } from "vitest";
import { station201 } from "./stations.ts";
import { afterTest, guardTests, listen } from "./ws-server.ts";

guardTests();

/** For `localhost` and 127.0.0.1 until 2126; server, client and authority in one. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgP3GiP7KFwsxuB+BI
80OQbiZXoVjWPk5Rjozkw/EACMahRANCAAQNDzqubn5rEDZdSE+Wc1oWTDG8gRQC
y93qEYJu3rJGhwkOUc9NruULDy1NuUSJcTkr/4XQ7eD8A25X34EC3t4X
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUZUJ9fhhq3h9y19pu9KvHWKLcZlEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA2NTQxMloYDzIxMjYxMDI4
MDY1NDEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQNDzqubn5rEDZdSE+Wc1oWTDG8gRQCy93qEYJu3rJGhwkOUc9NruUL
Dy1NuUSJcTkr/4XQ7eD8A25X34EC3t4Xo28wbTAdBgNVHQ4EFgQU0MaAI3ta+wI6
ohRhC9Co5CtsMw0wHwYDVR0jBBgwFoAU0MaAI3ta+wI6ohRhC9Co5CtsMw0wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgeJlY30t73Vi2OZK+F0ua3Kg5YBVx7LAAZix6nGuQwHgCIB98
oU0Wn6JYFG1oUZf206IHSPxC6yDaDIXKEhHV4nux
-----END CERTIFICATE-----`;

const listenTls = async (options: ServerOptions = {}) => {
  const server = createServer({ key, cert, ...options });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterTest(() => {
    server.close();
    server.closeAllConnections();
  });
  const { accept, url } = await listen({ server });
  return { accept, url: url.replace("ws:", "wss:") };
};

const outcome = async (url: string, tls: TlsOptions, options: ConnectOptions = {}): Promise<unknown> => {
  const session = connect(url, [station201], { identity: "CS001", reconnect: false, tls, ...options });
  const result = await session.ready.then(
    () => "open",
    (error: unknown) => error,
  );
  await session.close();
  return result;
};

describe("TLS", () => {
  it("opens a connection to a server whose authority is trusted (security profile 2)", async () => {
    const { accept, url } = await listenTls();
    expect(await outcome(url, { ca: cert }, { password: "secret" })).toBe("open");
    expect((await accept()).request.headers.authorization).toMatch(/^Basic /);
  });

  it("tells a server that is not trusted, or is another", async () => {
    const { url } = await listenTls();
    expect(await outcome(url, {})).toMatchObject({ code: "tls", message: expect.stringContaining("SELF_SIGNED") });
    expect(await outcome(url, { ca: cert, servername: "example.com" })).toMatchObject({ code: "tls" });
    expect(await outcome(url, { rejectUnauthorized: false })).toBe("open");
  });

  it("shows a client certificate (security profile 3)", async () => {
    const { url } = await listenTls({ requestCert: true, rejectUnauthorized: true, ca: cert });
    expect(await outcome(url, { ca: cert, cert, key })).toBe("open");
    expect(await outcome(url, { ca: cert })).toMatchObject({ name: "HandshakeError" });
  });

  it("speaks TLS 1.2 at least", async () => {
    const { url } = await listenTls({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
    expect(await outcome(url, { ca: cert })).toMatchObject({ code: "tls" });
  });

  it("tells a server that speaks no TLS", async () => {
    const { url } = await listen();
    expect(await outcome(url.replace("ws:", "wss:"), { ca: cert })).toMatchObject({ code: "tls" });
  });
});
