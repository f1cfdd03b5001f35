import { manualClock } from "@ocpp/core";
import { describe, expect, it, vi } from "vitest";
import { closeFrame, openingRequest, openStation, openWire, refused } from "./raw-station.fixture.ts";
import { refuse } from "./refusal.ts";
import { endpoints, nextEvent, testServer } from "./test-server.fixture.ts";

const anybody = { securityProfiles: [0, 1] } as const;

describe("an opening request", () => {
  it("is answered with 400 where the path is not properly encoded, and the server lives on", async () => {
    const server = await testServer();
    const told = nextEvent(server, "refused");
    const wire = await openWire(server.url);
    wire.socket.write(openingRequest("/%E0%A4%A"));
    expect(await wire.ended).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/);
    expect(await told).toMatchObject({ cause: "identity", status: 400, remoteAddress: "127.0.0.1" });
    await openStation(`${server.url}/CS001`);
    expect(server.peers.size).toBe(1);
  });

  it.each([
    ["nothing", "/"],
    ["49 characters", `/${"x".repeat(49)}`],
    ["a colon", "/CS%3A1"],
    ["a slash", "/A%2FB"],
    [".", "/."],
    ["..", "/%2E%2e"],
    ["half of a surrogate pair", "/%ED%A0%80"],
    ["a control character", "/CS%C2%85"],
    ["other characters than those of an identifierString", "/CS%C3%A9"],
  ])("is answered with 400 where the identity is %s", async (_what, path) => {
    const server = await testServer();
    const { status, headers, body } = await refused(`${server.url}${path}`);
    expect(status).toBe(400);
    expect(headers).toMatchObject({ connection: "close", "content-length": String(body.length) });
    expect(body).not.toContain("x".repeat(49));
  });

  it("gives identities as they are meant", async () => {
    const server = await testServer({ path: "/ocpp/" });
    await openStation(`${server.url}/RDAM%20123`);
    await openStation(`${server.url}/tenant/CS%7C2`);
    await openStation(`${server.url}/CS3/?x=1`);
    await openStation(`${server.url}/${"x".repeat(48)}`);
    expect(Array.from(server.peers, ({ identity }) => identity)).toEqual(["RDAM 123", "CS|2", "CS3", "x".repeat(48)]);
  });

  it("is held to the rules that the options give", async () => {
    const server = await testServer({ isIdentity: (identity) => identity.startsWith("urn:") });
    await openStation(`${server.url}/urn:x`);
    expect((await refused(`${server.url}/CS001`)).status).toBe(400);
  });

  it("is answered with 404 outside of the path", async () => {
    const server = await testServer({ path: "/ocpp" });
    const { status } = await refused(server.url.replace("/ocpp", "/other/CS001"));
    expect(status).toBe(404);
    expect((await refused(server.url.replace("/ocpp", "/ocppx/CS001"))).status).toBe(404);
  });

  it.each([
    ["POST", {}, 405, /Allow: GET/],
    ["GET", { Upgrade: "h2c" }, 400, /not a WebSocket/],
    ["GET", { "Sec-WebSocket-Key": "short" }, 400, /Sec-WebSocket-Key/],
    ["GET", { "Sec-WebSocket-Version": "7" }, 426, /Sec-WebSocket-Version: 13/],
    ["GET", { "Sec-WebSocket-Protocol": "ocpp2.1,,ocpp1.6" }, 400, /Sec-WebSocket-Protocol/],
    ["GET", { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits=99" }, 400, /Extensions/],
  ] as const)("by %s with %o is answered with %i", async (method, headers, status, text) => {
    const server = await testServer();
    const wire = await openWire(server.url);
    wire.socket.write(openingRequest("/CS001", headers, method));
    const answer = await wire.ended;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(text);
    expect(server.peers.size).toBe(0);
  });

  it("that is no upgrade is answered with 426", async () => {
    const server = await testServer();
    const answer = await fetch(server.url.replace("ws:", "http:"));
    expect(answer.status).toBe(426);
    expect(await answer.text()).toBe("This server speaks OCPP over WebSocket\n");
  });

  it("that is never finished is ended", async () => {
    const server = await testServer({ handshakeTimeout: 100 });
    const wire = await openWire(server.url);
    wire.socket.write("GET /CS001 HTTP/1.1\r\nHost: x\r\n");
    expect(await wire.ended).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("of a page that is not on the list is answered with 403", async () => {
    const server = await testServer({ origins: ["https://csms.example.com"] });
    expect((await refused(`${server.url}/CS001`, { origin: "https://evil.example.com" })).status).toBe(403);
    await openStation(`${server.url}/CS001`, { origin: "https://csms.example.com" });
    await openStation(`${server.url}/CS002`);
  });
});

describe("authenticate", () => {
  it("learns what there is to know, and no header with the password", async () => {
    const authenticate = vi.fn(() => ({ account: "acme" }));
    const server = await testServer({ authenticate, path: "/ocpp" });
    const { socket } = await openStation(`${server.url}/t/CS%201?ticket=abc&x=1`, {
      username: "CS 1",
      password: "s:ecret",
      origin: "https://csms.example.com",
      protocols: ["ocpp2.0", "ocpp1.6", "ocpp2.1"],
    });
    expect(socket.protocol).toBe("ocpp1.6");
    const [request, signal] = authenticate.mock.calls[0] as unknown as [Record<string, unknown>, AbortSignal];
    expect(request).toMatchObject({
      identity: "CS 1",
      path: "/ocpp/t/CS%201",
      ticket: "abc",
      origin: "https://csms.example.com",
      securityProfile: 1,
      secure: false,
      subprotocol: "ocpp1.6",
      subprotocols: ["ocpp2.0", "ocpp1.6", "ocpp2.1"],
      clientCertificate: undefined,
      remoteAddress: "127.0.0.1",
    });
    expect(String(request["query"])).toBe("x=1");
    expect(request["headers"]).not.toHaveProperty("authorization");
    const credentials = request["credentials"] as { username: string; password: Uint8Array };
    expect(credentials.username).toBe("CS 1");
    expect(Buffer.from(credentials.password).toString()).toBe("s:ecret");
    expect(JSON.stringify(credentials)).not.toContain("password");
    expect(signal.aborted).toBe(false);
    expect(server.peer("CS 1")?.info).toEqual({ account: "acme" });
  });

  it("refuses with the status of its choice", async () => {
    const server = await testServer({
      ...anybody,
      authenticate: async ({ identity }) =>
        identity === "later"
          ? refuse(429, { reason: "Not now", retryAfter: 30 })
          : refuse(Number(identity.replace("CS", ""))),
    });
    const unknown = nextEvent(server, "refused");
    expect(await refused(`${server.url}/CS404`)).toMatchObject({ status: 404, body: "This station is not known\n" });
    expect(await unknown).toMatchObject({ cause: "authenticate", status: 404, identity: "CS404" });
    const wrong = await refused(`${server.url}/CS401`);
    expect(wrong).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Basic realm="OCPP", charset="UTF-8"' },
    });
    expect((await refused(`${server.url}/CS403`)).status).toBe(403);
    expect(await refused(`${server.url}/later`)).toMatchObject({
      status: 429,
      body: "Not now\n",
      headers: { "retry-after": "30" },
    });
    expect(() => refuse(200)).toThrow(RangeError);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("database password hunter2");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("database password hunter2");
      },
    ],
    ["returns undefined", () => undefined],
    ["returns true", () => true],
  ])("that %s gives a 500, is reported, and the server serves on", async (_what, broken) => {
    let fail = true;
    const server = await testServer({
      ...anybody,
      authenticate: () => (fail ? (broken as () => object)() : {}),
    });
    const told = nextEvent(server, "refused");
    const { status, body } = await refused(`${server.url}/CS001`);
    expect(status).toBe(500);
    expect(body).not.toContain("hunter2");
    expect(await told).toMatchObject({ cause: "authenticate-failed", status: 500, error: expect.any(Error) });
    fail = false;
    await openStation(`${server.url}/CS001`);
    expect(server.peer("CS001")).toBeDefined();
  });

  it("shares its fate with the other functions of the options", async () => {
    const server = await testServer({
      isIdentity: (identity) => {
        if (identity === "CS001") throw new Error("no database");
        return true;
      },
    });
    const told = nextEvent(server, "refused");
    expect((await refused(`${server.url}/CS001`)).status).toBe(500);
    expect(await told).toMatchObject({ cause: "authenticate-failed", error: expect.any(Error) });
    await openStation(`${server.url}/CS002`);
  });

  it("that fails and is heard by nobody becomes a warning", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const server = await testServer({ ...anybody, authenticate: async () => Promise.reject(new Error("no database")) });
    await refused(`${server.url}/CS001`);
    expect(warn).toHaveBeenCalledWith(
      "The station could not be authenticated",
      expect.objectContaining({ type: "OcppWarning" }),
    );
    warn.mockRestore();
  });

  it("that hangs is answered for when its time is up, and its signal aborts", async () => {
    const clock = manualClock();
    let signal: AbortSignal | undefined;
    let hang: () => void = () => {};
    const hanging = new Promise<void>((resolve) => {
      hang = resolve;
    });
    const server = await testServer({
      ...anybody,
      clock,
      authenticate: (_request, given) => {
        signal = given;
        hang();
        return new Promise(() => {});
      },
    });
    const answer = refused(`${server.url}/CS001`);
    await hanging;
    await clock.advance(9_999);
    expect(signal?.aborted).toBe(false);
    const told = nextEvent(server, "refused");
    await clock.advance(1);
    expect((await answer).status).toBe(503);
    expect(signal?.aborted).toBe(true);
    expect(await told).toMatchObject({ cause: "authenticate-timeout" });
    expect(clock.timers).toBe(0);
  });

  it("hears when the station hangs up", async () => {
    let begun: (signal: AbortSignal) => void = () => {};
    const asked = new Promise<AbortSignal>((resolve) => {
      begun = resolve;
    });
    const server = await testServer({
      ...anybody,
      authenticate: (_request, signal) => {
        begun(signal);
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            resolve({});
          });
        });
      },
    });
    const wire = await openWire(server.url);
    wire.socket.write(openingRequest("/CS001"));
    const signal = await asked;
    const told = nextEvent(server, "refused");
    wire.socket.destroy();
    expect(await told).toMatchObject({ cause: "hung-up", status: undefined, identity: "CS001" });
    expect(signal.aborted).toBe(true);
    expect(server.peers.size).toBe(0);
  });

  it("is needed where passwords are to be checked", async () => {
    await expect(testServer({ securityProfiles: [1] })).rejects.toThrow(/authenticate/);
    await expect(testServer({ securityProfiles: [] })).rejects.toThrow(TypeError);
  });
});

describe("negotiation", () => {
  it("goes by the station's preference", async () => {
    const server = await testServer();
    const one = await openStation(`${server.url}/CS001`, { protocols: ["ocpp1.6", "ocpp2.1"] });
    const two = await openStation(`${server.url}/CS002`, { protocols: ["ocpp2.1", "ocpp1.6"] });
    expect([one.socket.protocol, two.socket.protocol]).toEqual(["ocpp1.6", "ocpp2.1"]);
    expect(server.peer("CS001")?.protocol).toBe("ocpp1.6");
    expect(server.peer("CS002")?.protocol).toBe("ocpp2.1");
  });

  it("completes the handshake without the header and closes, where there is no common version", async () => {
    const authenticate = vi.fn(() => ({}));
    const server = await testServer({ ...anybody, authenticate });
    const told = nextEvent(server, "refused");
    const wire = await openWire(server.url);
    wire.socket.write(openingRequest("/CS001", { "Sec-WebSocket-Protocol": "ocpp1.5" }));
    // A close frame with 1002.
    const text = await wire.seen(closeFrame(1002));
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
    expect(text.toLowerCase()).not.toContain("sec-websocket-protocol");
    expect(await told).toMatchObject({ cause: "subprotocol", status: 101 });
    expect(authenticate).not.toHaveBeenCalled();
    expect(server.peers.size).toBe(0);
    wire.socket.destroy();
  });

  it("without a version in common is refused where the options say so", async () => {
    const server = await testServer({ noCommonVersion: "refuse" });
    const told = nextEvent(server, "refused");
    const { status, body } = await refused(`${server.url}/CS001`, { protocols: ["ocpp1.5"] });
    expect([status, body]).toEqual([400, "No OCPP version in common\n"]);
    expect(await told).toMatchObject({ cause: "subprotocol", status: 400 });
    await openStation(`${server.url}/CS001`);
  });

  it("closes stations that offer nothing, unless there is a version for them", async () => {
    const strict = await testServer();
    expect(await (await openStation(`${strict.url}/CS001`, { protocols: [] })).closed).toMatchObject({ code: 1002 });
    const lenient = await testServer({ defaultSubprotocol: "ocpp1.6" });
    const { socket, next } = await openStation(`${lenient.url}/CS001`, { protocols: [] });
    socket.send('[2,"1","Boot",{}]');
    expect(await next()).toBe('[3,"1",{"status":"Accepted"}]');
    expect(socket.protocol).toBe("");
    await expect(testServer({ defaultSubprotocol: "ocpp1.5" })).rejects.toThrow(TypeError);
  });

  it("wants at least one endpoint, and one a version", async () => {
    const [one] = endpoints();
    await expect(testServer({ endpoints: [] })).rejects.toThrow(/at least one endpoint/);
    await expect(testServer({ endpoints: [one, one] })).rejects.toThrow(/Two endpoints serve ocpp2\.1/);
  });
});
