import { ConnectionError, manualClock, type PeerOf, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect, type Session, type SessionState } from "@ocpp/websocket";
import { describe, expect, it, vi } from "vitest";
import { station201 } from "./stations.ts";
import { failureBox, frameFrom, guardTests, listen, listenRaw, mailbox } from "./ws-server.ts";

guardTests();
const reconnect = { waitMinimum: 1_000, randomRange: 0, repeatTimes: 3 };
const options = { identity: "CS001", ping: false, reconnect } as const;

const closedError = (error: unknown): string => (ConnectionError.is(error) ? error.code : String(error));

describe("reconnecting", () => {
  it("backs off from the first attempt on, until the server is there (OCPP-J 2.0.1 §5.3)", async () => {
    const clock = manualClock();
    const { close, port, url } = await listen();
    await close();
    const { onFailure, next } = failureBox();
    const states: SessionState[] = [];
    const session = connect(url, [station201], {
      ...options,
      clock,
      onFailure,
      onState: (state) => void states.push(state),
    });
    for (const [index, retryIn] of [1_000, 2_000, 4_000, 8_000, 8_000].entries()) {
      const failure = await next();
      expect(failure).toMatchObject({ attempt: index + 1, retryIn, error: { code: "unreachable" } });
      expect(failure.closure).toBeUndefined();
      expect(clock.timers).toBe(1);
      if (index === 4) break;
      await clock.advance(retryIn);
    }
    const back = await listen({ port });
    await clock.advance(8_000);
    const peer = await session.ready;
    expect((await back.accept()).request.url).toBe("/ocpp/CS001");
    expect(states.slice(0, 4)).toEqual(["waiting", "connecting", "waiting", "connecting"]);
    expect(session.peer).toBe(peer);
    await session.close();
    expect(clock.timers).toBe(0);
  });

  it("hands over a peer for each connection, and never an answer of the one before", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const peers = mailbox<PeerOf<typeof station201>>();
    const session = connect(url, [station201], {
      ...options,
      clock,
      onFailure,
      onPeer: peers.put,
    });
    const first = await accept();
    const peer = await session.ready;
    const call = peer.call("Heartbeat", {}).catch(closedError);
    await frameFrom(first.socket);
    first.socket.close(1012, "restart");
    expect(await next()).toMatchObject({
      attempt: 0,
      retryIn: 1_000,
      closure: { code: 1012, reason: "restart" },
      error: { code: "closed", message: "The connection was lost (1012, restart)" },
    });
    expect(await call).toBe("closed");
    expect([session.state, session.peer]).toEqual(["waiting", undefined]);
    await clock.advance(1_000);
    const second = await accept();
    expect(await peers.next()).toBe(peer);
    expect(await peers.next()).toBe(session.peer);
    expect(session.peer).not.toBe(peer);
    expect(await session.ready).toBe(peer);
    await expect(peer.call("Heartbeat", {})).rejects.toMatchObject({ code: "not-connected" });
    await session.close();
    expect(second.socket.readyState).toBeGreaterThan(1);
  });

  it("keeps backing off where connections open and go at once, and starts anew after one that worked", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, clock, onFailure });
    for (const retryIn of [1_000, 2_000, 4_000]) {
      (await accept()).socket.close();
      expect((await next()).retryIn).toBe(retryIn);
      await clock.advance(retryIn);
    }
    const answering = await accept();
    answering.socket.send('[2,"r","Reset",{"type":"OnIdle"}]');
    await frameFrom(answering.socket);
    answering.socket.close();
    expect((await next()).retryIn).toBe(1_000);
    await clock.advance(1_000);
    const lasting = await accept();
    await vi.waitUntil(() => session.state === "open");
    await clock.advance(10_000);
    lasting.socket.close();
    expect((await next()).retryIn).toBe(1_000);
    await session.close();
  });

  it("is off where asked: one attempt, one connection, then the session is over", async () => {
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, reconnect: false, onFailure });
    await session.ready;
    (await accept()).socket.close();
    expect(await next()).toMatchObject({ retryIn: undefined, attempt: 0 });
    await session.closed;
    await expect(session.reconnect()).rejects.toThrow();
  });
});

describe("closing", () => {
  it("waits for calls in flight", async () => {
    const { accept, url } = await listen();
    const session = connect(url, [station201], options);
    const call = (await session.ready).call("Heartbeat", {});
    const { socket } = await accept();
    const [, id] = (await frameFrom(socket)) as [number, string];
    const closed = session.close();
    expect(session.state).toBe("closing");
    expect(session.close()).toBe(closed);
    socket.send(JSON.stringify([3, id, { currentTime: "2026-01-01T00:00:00Z" }]));
    expect(await call).toEqual({ currentTime: "2026-01-01T00:00:00Z" });
    await closed;
  });

  it("ends an attempt under way", async () => {
    const clock = manualClock();
    const opened = mailbox<undefined>();
    const ended = mailbox<undefined>();
    const url = await listenRaw((_request, socket) => {
      socket.on("close", () => {
        ended.put(undefined);
      });
      opened.put(undefined);
    });
    const session = connect(url, [station201], { ...options, clock });
    await opened.next();
    await session.close();
    expect(await session.ready.catch(closedError)).toBe("closed");
    await ended.next();
    expect([clock.timers, session.state]).toEqual([0, "closed"]);
  });

  it("ends a session in the tick in which it began, and one that waits", async () => {
    const clock = manualClock();
    const { accept, close, url } = await listen();
    const early = connect(url, [station201], { ...options, clock });
    await early.close();
    expect(clock.timers).toBe(0);
    void accept();
    await close();
    const { onFailure, next } = failureBox();
    const waiting = connect(url, [station201], { ...options, clock, onFailure });
    await next();
    expect(clock.timers).toBe(1);
    await waiting.close();
    expect([clock.timers, waiting.state]).toEqual([0, "closed"]);
  });

  it("does not wait for ever for a server that does not answer", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const session = connect(url, [station201], { ...options, clock });
    await session.ready;
    const { socket } = await accept();
    socket.pause();
    const closed = session.close();
    await clock.advance(5_000);
    await closed;
    expect(clock.timers).toBe(0);
  });

  it("may be asked for by any listener", async () => {
    const { close, url } = await listen();
    const onPeer: Session<PeerOf<typeof station201>> = connect(url, [station201], {
      ...options,
      onPeer: () => onPeer.close(),
    });
    const onState = connect(url, [station201], { ...options, onState: () => void onState.close() });
    await Promise.all([onPeer.closed, onState.closed]);
    await close();
    const onFailure = connect(url, [station201], { ...options, onFailure: () => void onFailure.close() });
    await onFailure.closed;
  });
});

describe("peers", () => {
  it("gives the open peer and each later one to every loop, and ends with the session", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, clock, onFailure });
    const seen: unknown[] = [];
    const follow = async (): Promise<void> => {
      for await (const peer of session.peers) seen.push(peer);
    };
    const early = follow();
    const first = await session.ready;
    const late = follow();
    (await accept()).socket.close();
    await next();
    await clock.advance(1_000);
    await accept();
    await vi.waitUntil(() => session.state === "open");
    const second = session.peer;
    await clock.settle();
    await session.close();
    await Promise.all([early, late]);
    expect(seen).toEqual([first, first, second, second]);
    for await (const peer of session.peers) expect.fail(`a peer of a closed session: ${peer.identity}`);
  });
});

describe("listeners and handlers that fail", () => {
  it("are shown, and change nothing", async () => {
    const warnings = mailbox<unknown>();
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(warnings.put);
    const { accept, url } = await listen();
    const endpoint = station(
      v201,
      {
        Reset: () => {
          throw new Error("handler");
        },
      },
      { fallback: () => ({}) },
    );
    const session = connect(url, [endpoint], {
      ...options,
      onState: () => {
        throw new Error("state");
      },
      onPeer: async () => {
        throw new Error("peer");
      },
    });
    const { socket } = await accept();
    const listener = "A listener of the session failed";
    expect([await warnings.next(), await warnings.next()]).toEqual([listener, listener]);
    socket.send('[2,"r","Reset",{"type":"OnIdle"}]');
    expect(await warnings.next()).toBe("The handler of Reset failed (CS001)");
    expect(session.state).toBe("open");
    await session.close();
    warn.mockRestore();
  });
});
