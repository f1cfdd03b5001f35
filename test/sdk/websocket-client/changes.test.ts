import { manualClock } from "@ocpp/core";
import { connect } from "@ocpp/websocket";
import { describe, expect, it } from "vitest";
import { station16, station201 } from "./stations.ts";
import { failureBox, frameFrom, guardTests, listen, listenRaw, mailbox, openingResponse } from "./ws-server.ts";

guardTests();
const reconnect = { waitMinimum: 1_000, randomRange: 0, repeatTimes: 3 };
const options = { identity: "CS001", ping: false, reconnect } as const;

describe("changes during a session", () => {
  it("reconnects at once, with another URL, identity, password and version", async () => {
    const old = await listen();
    const other = await listen();
    const session = connect(old.url, [station201, station16], { ...options, password: "old" });
    const peer = await session.ready;
    if (peer.protocol !== "ocpp2.0.1") throw new Error(`unexpected ${peer.protocol}`);
    const call = peer.call("Heartbeat", {});
    const { socket } = await old.accept();
    const [, id] = (await frameFrom(socket)) as [number, string];
    const next = session.reconnect({ url: other.url, identity: "CS002", password: undefined, endpoints: [station16] });
    socket.send(JSON.stringify([3, id, { currentTime: "2026-01-01T00:00:00Z" }]));
    await call;
    const changed = await next;
    expect([changed.protocol, changed.identity, session.identity]).toEqual(["ocpp1.6", "CS002", "CS002"]);
    const { request } = await other.accept();
    expect([request.url, request.headers.authorization]).toEqual(["/ocpp/CS002", undefined]);
    await session.close();
  });

  it("does not wait for the back-off, nor for an attempt under way", async () => {
    const clock = manualClock();
    const { close, url } = await listen();
    await close();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, clock, onFailure });
    await next();
    const opened = mailbox<undefined>();
    const silent = await listenRaw(() => {
      opened.put(undefined);
    });
    const first = session.reconnect({ url: silent });
    await opened.next();
    const { url: good } = await listen();
    const peer = await session.reconnect({ url: good });
    expect(await first).toBe(peer);
    expect(clock.timers).toBe(0);
    await session.close();
  });

  it("refuses what connect would refuse, and goes on as before", async () => {
    const { url } = await listen();
    const session = connect(url, [station201], options);
    const peer = await session.ready;
    expect(() => session.reconnect({ url: "http://h/x" })).toThrow(TypeError);
    expect(() => session.configure({ reconnect: { waitMinimum: -1 } })).toThrow(RangeError);
    expect(() => session.configure({ identity: "a:b" })).toThrow(TypeError);
    expect([session.peer, session.identity]).toEqual([peer, "CS001"]);
    await session.close();
  });

  it("leaves an attempt under way as it began", async () => {
    const requests = mailbox<() => void>();
    const url = await listenRaw((request, socket) => {
      requests.put(() => {
        socket.write(openingResponse(request, "ocpp2.0.1"));
      });
    });
    const clock = manualClock();
    const session = connect(url, [station201], { ...options, clock });
    const open = await requests.next();
    session.configure({ identity: "CS002" });
    open();
    expect([(await session.ready).identity, session.identity]).toEqual(["CS001", "CS002"]);
    const closed = session.close();
    await clock.advance(5_000);
    await closed;
  });

  it("configures the next attempt", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, clock, onFailure });
    await session.ready;
    session.configure({ password: "new", reconnect: { waitMinimum: 77, randomRange: 0 } });
    (await accept()).socket.close();
    expect((await next()).retryIn).toBe(77);
    await clock.advance(77);
    expect((await accept()).request.headers.authorization).toBeDefined();
    await session.close();
  });
});
