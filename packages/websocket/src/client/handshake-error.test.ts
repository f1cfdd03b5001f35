import { describe, expect, it } from "vitest";
import { failedHandshake, HandshakeError, refusedHandshake } from "./handshake-error.ts";

const failure = (fields: object, message = "it failed"): Error => Object.assign(new Error(message), fields);

describe("refusedHandshake", () => {
  it("tells the statuses apart and says what to look at", () => {
    const of = (statusCode: number) => refusedHandshake({ statusCode, headers: {} }, 0);
    expect(of(401)).toMatchObject({ code: "refused", status: 401 });
    expect(of(401).message).toMatch(/password/);
    expect(of(404).message).toMatch(/does not know this station/);
    expect(of(403).message).toMatch(/may not connect/);
    expect(of(429).message).toMatch(/too many/);
    expect(of(503).message).toMatch(/try later/);
    expect(of(302).message).toMatch(/check the URL/);
  });

  it("reads Retry-After as seconds and as a date", () => {
    const of = (value: string) =>
      refusedHandshake({ statusCode: 429, headers: { "retry-after": value } }, Date.UTC(2026, 0, 1)).retryAfter;
    expect(of("120")).toBe(120_000);
    expect(of("Thu, 01 Jan 2026 00:01:00 GMT")).toBe(60_000);
    expect(of("Wed, 31 Dec 2025 00:00:00 GMT")).toBeUndefined();
    expect(of("soon")).toBeUndefined();
  });
});

describe("failedHandshake", () => {
  it("tells TLS from the network", () => {
    for (const code of [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      "EPROTO",
      "INVALID_PURPOSE",
      "UNABLE_TO_GET_CRL",
    ]) {
      expect(failedHandshake(failure({ code })).code).toBe("tls");
    }
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "EAI_AGAIN"]) {
      expect(failedHandshake(failure({ code }))).toMatchObject({ code: "unreachable" });
      expect(failedHandshake(failure({ code })).message).toContain(code);
    }
    expect(failedHandshake(failure({}, "Invalid Upgrade header")).code).toBe("unreachable");
    expect(failedHandshake(failure({}, "Server sent no subprotocol")).code).toBe("subprotocol");
  });

  it("says that a browser does not say why", () => {
    expect(failedHandshake(undefined)).toMatchObject({ code: "unknown" });
  });

  it("does not repeat the text of a browser's exception, which may quote the URL", () => {
    const error = failedHandshake(new DOMException("Refused to connect to 'ws://h/?ticket=hunter2'", "SecurityError"));
    expect(error.code).toBe("unknown");
    expect(error.message).toContain("SecurityError");
    expect(JSON.stringify([error.message, error.cause])).not.toContain("hunter2");
  });

  it("is known by its name", () => {
    expect(HandshakeError.is(failedHandshake(undefined))).toBe(true);
    expect(HandshakeError.is(new Error("HandshakeError"))).toBe(false);
  });
});
