import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { openStation, refused } from "./raw-station.fixture.ts";
import { endpoints, nextEvent, testServer } from "./test-server.fixture.ts";

describe("the rate of calls", () => {
  it("refuses calls over the limit with a CALLERROR and drops no answer", async () => {
    const clock = manualClock();
    const reports: unknown[] = [];
    const handled: string[] = [];
    const server = await testServer({
      clock,
      callRate: { perSecond: 1, burst: 2 },
      report: (report) => reports.push(report),
      endpoints: endpoints((_request, { messageId }) => (handled.push(messageId), { status: "Accepted" })),
    });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    const call = server.peer("CS001")?.callByName("Reset", { type: "OnIdle" });
    const [, id] = JSON.parse(await next()) as [number, string];
    for (const message of ["a", "b", "c", "d"]) socket.send(`[2,"${message}","Boot",{}]`);
    socket.send('[6,"e","Notify",{}]');
    socket.send("no frame");
    socket.send(`[3,"${id}",{"status":"Accepted"}]`);
    expect(await call).toEqual({ status: "Accepted" });
    const answers = [await next(), await next(), await next(), await next()];
    expect(answers.filter((text) => text.startsWith("[3,"))).toHaveLength(2);
    expect(answers.filter((text) => text.startsWith('[4,"c","InternalError","Too many calls'))).toHaveLength(1);
    expect(answers.filter((text) => text.startsWith('[4,"d","InternalError"'))).toHaveLength(1);
    expect(handled).toEqual(["a", "b"]);
    expect(reports).toMatchObject([
      { type: "refused-call", messageId: "c" },
      { type: "refused-call", messageId: "d" },
      { type: "refused-call", messageId: "e", action: "Notify" },
      { type: "malformed-frame", answered: false },
    ]);
    await clock.advance(1_000);
    socket.send('[2,"f","Boot",{}]');
    expect(await next()).toBe('[3,"f",{"status":"Accepted"}]');
  });

  it("refuses without showing the frames, so that a log of them is not flooded", async () => {
    const shown: string[] = [];
    const server = await testServer({
      clock: manualClock(),
      callRate: { perSecond: 1, burst: 1 },
      frames: (direction, text) => shown.push(`${direction} ${text}`),
    });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    for (const message of ["a", "b", "c"]) socket.send(`[2,"${message}","Boot",{}]`);
    socket.send("no frame");
    for (let count = 0; count < 3; count += 1) await next();
    expect(shown).toEqual(['inbound [2,"a","Boot",{}]', 'outbound [3,"a",{"status":"Accepted"}]']);
  });

  it("counts a message once more for each 64 KiB, and refuses a long one by its head", async () => {
    const server = await testServer({ clock: manualClock(), callRate: { perSecond: 1, burst: 5 } });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    const long = (id: string): string => `[2,"${id}","Boot",{"model":"${"x".repeat(4 * 65_536)}"}]`;
    socket.send(long("a"));
    expect(await next()).toMatch(/^\[3,"a"/);
    socket.send('[2,"b","Boot",{}]');
    expect(await next()).toMatch(/^\[4,"b","InternalError","Too many calls/);
    // What is not JSON in its depths is answered all the same: nobody looks there.
    socket.send(`[2,"c","Boot",{"model":"${"x".repeat(5_000)}`);
    expect(await next()).toMatch(/^\[4,"c","InternalError","Too many calls/);
  });

  it("lets a message through that alone counts more than the burst", async () => {
    const server = await testServer({ clock: manualClock(), callRate: { perSecond: 1, burst: 1 } });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    socket.send(`[2,"a","Boot",{"model":"${"x".repeat(200_000)}"}]`);
    expect(await next()).toMatch(/^\[3,"a"/);
  });

  it("counts answers that no call waits for", async () => {
    const reports: unknown[] = [];
    const shown: string[] = [];
    const server = await testServer({
      clock: manualClock(),
      callRate: { perSecond: 1, burst: 2 },
      report: (report) => reports.push(report),
      frames: (_direction, text) => shown.push(text),
    });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    for (const id of ["a", "b", "c"]) socket.send(`[3,"${id}",{}]`);
    socket.send('[2,"d","Boot",{}]');
    expect(await next()).toMatch(/^\[4,"d"/);
    expect(shown).toEqual(['[3,"a",{}]', '[3,"b",{}]']);
    expect(reports).toMatchObject([
      { type: "unexpected-answer", messageId: "a" },
      { type: "unexpected-answer", messageId: "b" },
      { type: "unexpected-answer", messageId: "c" },
      { type: "refused-call", messageId: "d" },
    ]);
  });

  it("counts all stations of an address together where it is told to", async () => {
    const server = await testServer({ clock: manualClock(), addressCallRate: { perSecond: 1, burst: 1 }, ping: false });
    const one = await openStation(`${server.url}/CS001`);
    const two = await openStation(`${server.url}/CS002`);
    one.socket.send('[2,"1","Boot",{}]');
    expect(await one.next()).toMatch(/^\[3,/);
    two.socket.send('[2,"1","Boot",{}]');
    expect(await two.next()).toMatch(/^\[4,/);
  });

  it("must let something through", async () => {
    await expect(testServer({ callRate: { perSecond: 0, burst: 1 } })).rejects.toThrow(RangeError);
    await expect(testServer({ attemptRate: { perSecond: 1, burst: 0 } })).rejects.toThrow(RangeError);
    await expect(testServer({ maxConnections: 0 })).rejects.toThrow(RangeError);
  });
});

describe("the number of connections", () => {
  it("is held with 503, those that are being made included", async () => {
    const server = await testServer({
      maxConnections: 2,
      securityProfiles: [0],
      authenticate: ({ identity }) => (identity === "slow" ? new Promise<object>(() => {}) : {}),
    });
    const first = await openStation(`${server.url}/CS001`);
    refused(`${server.url}/slow`).catch(() => {});
    const told = nextEvent(server, "refused");
    const { status, headers } = await refused(`${server.url}/CS003`);
    expect({ status, after: headers["retry-after"] }).toEqual({ status: 503, after: "60" });
    expect(await told).toMatchObject({ cause: "connections" });
    first.socket.close();
    await nextEvent(server, "closed");
    await openStation(`${server.url}/CS003`);
  });

  it("of attempts from an address is held with 429", async () => {
    const clock = manualClock();
    const server = await testServer({ clock, attemptRate: { perSecond: 0.1, burst: 1 }, trustProxy: ["127.0.0.0/8"] });
    const from = (address: string) => ({ headers: { "X-Forwarded-For": address } });
    await openStation(`${server.url}/CS001`, from("192.0.2.1"));
    expect((await refused(`${server.url}/CS002`, from("192.0.2.1"))).status).toBe(429);
    await openStation(`${server.url}/CS002`, from("192.0.2.2"));
    await clock.advance(10_000);
    await openStation(`${server.url}/CS003`, from("192.0.2.1"));
  });
});

describe("compression", () => {
  it("is used for stations that ask for it, and for no others", async () => {
    const server = await testServer({ compression: { threshold: 0 } });
    const one = await openStation(`${server.url}/CS001`, { perMessageDeflate: true });
    const two = await openStation(`${server.url}/CS002`, { perMessageDeflate: false });
    expect([one.socket.extensions, two.socket.extensions]).toEqual(["permessage-deflate", ""]);
    one.socket.send('[2,"1","Boot",{}]');
    expect(await one.next()).toBe('[3,"1",{"status":"Accepted"}]');
    const off = await testServer({ compression: false });
    const three = await openStation(`${off.url}/CS003`, { perMessageDeflate: true });
    expect(three.socket.extensions).toBe("");
  });

  it("does not lift the limit of a message", async () => {
    const server = await testServer({ maxPayload: 10_000 });
    const { socket, closed } = await openStation(`${server.url}/CS001`, { perMessageDeflate: { threshold: 0 } });
    socket.send(`[2,"1","Boot",{"model":"${"x".repeat(1_000_000)}"}]`);
    expect(await closed).toMatchObject({ code: 1009 });
  });
});
