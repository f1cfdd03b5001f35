import { station } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import type { Settings } from "./connect-options.ts";
import { targetOf } from "./target.ts";

const protocol = (subprotocol: string) => ({
  subprotocol,
  messageTypes: [2, 3, 4],
  unknownMessageType: "ignore" as const,
  unreadableMessageId: "ignore" as const,
  errorCodes: {} as never,
  tolerances: {},
  names: {},
  actions: {},
});
const endpoints = [station(protocol("ocpp2.0.1"), {}), station(protocol("ocpp1.6"), {})];
const target = (url: string | URL, options: Partial<Settings> = {}) => targetOf({ endpoints, ...options, url });
const authorization = (settings: ReturnType<typeof target>) => {
  const { headers } = settings.socketOptions as { headers: { Authorization?: string } };
  return headers.Authorization === undefined
    ? undefined
    : Buffer.from(headers.Authorization.slice(6), "base64").toString();
};
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return JSON.stringify([String(error), error, error instanceof Error ? error.cause : ""]);
  }
  throw new Error("did not throw");
};

describe("targetOf", () => {
  it("appends the identity to the path, percent-encoded (OCPP-J 2.0.1 §3.1.1)", () => {
    const of = (url: string, identity: string) => target(url, { identity }).url.href;
    expect(of("ws://csms.example.com/ocpp", "CS001")).toBe("ws://csms.example.com/ocpp/CS001");
    expect(of("wss://csms.example.com/ocppj/", "RDAM 123")).toBe("wss://csms.example.com/ocppj/RDAM%20123");
    expect(of("ws://csms.example.com", "a|b")).toBe("ws://csms.example.com/a%7Cb");
    expect(of("ws://csms.example.com/ocpp?tenant=7", "CS001")).toBe("ws://csms.example.com/ocpp/CS001?tenant=7");
  });

  it("takes the identity from the path where none is given", () => {
    expect(target("wss://h/ocpp/RDAM%20123").identity).toBe("RDAM 123");
    expect(target("wss://h/CS001").url.href).toBe("wss://h/CS001");
    expect(() => target("wss://h/")).toThrow(/identity/);
    expect(() => target("wss://h/ocpp/")).toThrow(/identity/);
    expect(() => target("wss://h/%E0%A4%A")).toThrow(URIError);
  });

  it("offers the subprotocols in the order of the endpoints", () => {
    expect(target("ws://h/CS001").protocols).toEqual(["ocpp2.0.1", "ocpp1.6"]);
    expect(() => target("ws://h/CS001", { endpoints: [] })).toThrow(TypeError);
    expect(() => target("ws://h/CS001", { endpoints: [...endpoints, ...endpoints] })).toThrow(TypeError);
  });

  it("makes Basic authentication of a password or of what stands in the URL, and takes it out of the URL", () => {
    expect(authorization(target("ws://h/CS001"))).toBeUndefined();
    expect(authorization(target("ws://h/CS001", { password: "secret" }))).toBe("CS001:secret");
    const inUrl = target("ws://user:p%40ss@h/CS001");
    expect(authorization(inUrl)).toBe("user:p@ss");
    expect(inUrl.url.href).toBe("ws://h/CS001");
    expect(authorization(target("ws://:only@h/CS001"))).toBe("CS001:only");
    expect(authorization(target("ws://user:old@h/CS001", { password: "new" }))).toBe("user:new");
  });

  it("leaves a URL object of the caller alone", () => {
    const url = new URL("ws://user:pass@h/ocpp");
    target(url, { identity: "CS001" });
    expect(url.href).toBe("ws://user:pass@h/ocpp");
  });

  it("refuses other URLs without quoting them", () => {
    for (const url of [
      "http://user:hunter2@h/CS001",
      "ws://user:hunter2@h:port/CS001",
      "/hunter2",
      "ws://user:hunter2%@h/C",
    ]) {
      const message = messageOf(() => target(url));
      expect(message).toMatch(/UR[IL]/);
      expect(message).not.toContain("hunter2");
    }
  });

  it("demands TLS 1.2 at least, and passes TLS options on", () => {
    const { socketOptions } = target("wss://h/CS001", { tls: { ca: "pem", minVersion: "TLSv1.3" } });
    expect(socketOptions).toMatchObject({ ca: "pem", minVersion: "TLSv1.3", maxPayload: 1_048_576 });
    expect(target("wss://h/CS001").socketOptions).toMatchObject({ minVersion: "TLSv1.2", perMessageDeflate: false });
  });
});
