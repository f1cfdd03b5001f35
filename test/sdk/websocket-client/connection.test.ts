import { csms, manualClock, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect, type SessionState } from "@ocpp/websocket";
import { describe, expect, it } from "vitest";
import { station16, station201 } from "./stations.ts";
import { endOf, failureBox, frameFrom, guardTests, listen, listenRaw, mailbox, openingResponse } from "./ws-server.ts";

guardTests();
const options = { identity: "CS001", ping: false } as const;

describe("a connection", () => {
  it("opens, serves both ways and closes, and leaves no timer behind", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const states: SessionState[] = [];
    const onState = (state: SessionState): void => {
      states.push(state);
    };
    const session = connect(url, [station201, station16], { ...options, clock, onState });
    expect([session.state, session.peer, session.identity]).toEqual(["connecting", undefined, "CS001"]);
    const peer = await session.ready;
    const { request, socket } = await accept();
    expect(request.url).toBe("/ocpp/CS001");
    expect(request.headers["sec-websocket-protocol"]).toBe("ocpp2.0.1,ocpp1.6");
    expect(session.peer).toBe(peer);
    expect([peer.identity, peer.side]).toEqual(["CS001", "station"]);
    if (peer.protocol !== "ocpp2.0.1") throw new Error(`unexpected ${peer.protocol}`);

    const call = peer.call("Heartbeat", {});
    expect(await frameFrom(socket)).toEqual([2, "m1", "Heartbeat", {}]);
    socket.send('[3,"m1",{"currentTime":"2026-01-01T00:00:00Z"}]');
    expect(await call).toEqual({ currentTime: "2026-01-01T00:00:00Z" });

    socket.send('[2,"r1","Reset",{"type":"OnIdle"}]');
    expect(await frameFrom(socket)).toEqual([3, "r1", { status: "Accepted" }]);

    const end = endOf(socket);
    await session.close({ code: 1001, reason: "bye" });
    expect(await end).toEqual({ code: 1001, reason: "bye" });
    expect(states).toEqual(["open", "closing", "closed"]);
    expect([clock.timers, session.state, session.peer]).toEqual([0, "closed", undefined]);
    await session.closed;
  });

  it("handles what the CSMS sent before it hung up, and ends when that is done or its time is up", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const types: string[] = [];
    const dropped: unknown[] = [];
    const signals: AbortSignal[] = [];
    const working = station(
      v201,
      {
        Reset: async ({ type }, { signal }) => {
          signals.push(signal);
          if (type === "Immediate") await new Promise(() => {});
          await new Promise<void>((resolve) => {
            clock.setTimer(resolve, 200);
          });
          types.push(type);
          return { status: "Accepted" };
        },
      },
      { fallback: () => ({}) },
    );
    const session = connect(url, [working], {
      ...options,
      clock,
      report: (report) => {
        if (report.type === "call-dropped") dropped.push([report.messageId, report.why]);
      },
    });
    const peer = await session.ready;
    const { socket } = await accept();
    socket.send('[2,"r1","Reset",{"type":"OnIdle"}]');
    socket.send('[2,"r2","Reset",{"type":"OnIdle"}]');
    socket.send('[2,"r3","Reset",{"type":"Immediate"}]');
    socket.send('[2,"r4","Reset",{"type":"OnIdle"}]');
    socket.close();
    await peer.closed;
    expect([types, peer.handling]).toEqual([[], 4]);
    let over = false;
    const closed = session.close({ timeout: 1_000 }).then(() => {
      over = true;
    });
    await clock.advance(999);
    expect([types, dropped, over]).toEqual([["OnIdle", "OnIdle"], [], false]);
    await clock.advance(1);
    await closed;
    expect(dropped).toEqual([
      ["r3", "aborted"],
      ["r4", "aborted"],
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]);
    expect(clock.timers).toBe(0);
  });

  it("is served by the endpoint that the server chose", async () => {
    const { url } = await listen({ handleProtocols: () => "ocpp1.6" });
    const session = connect(url, [station201, station16], options);
    expect((await session.ready).protocol).toBe("ocpp1.6");
    await session.close();
  });

  it("may be a CSMS's side, as of an observer in a dashboard", async () => {
    const { accept, url } = await listen();
    const observer = csms(v201, {}, { fallback: () => ({}) });
    const session = connect(url, [observer], options);
    const call = (await session.ready).call("Reset", { type: "Immediate" });
    const { socket } = await accept();
    const [, id] = (await frameFrom(socket)) as [number, string];
    socket.send(JSON.stringify([3, id, { status: "Rejected" }]));
    expect(await call).toEqual({ status: "Rejected" });
    await session.close();
  });

  it("authenticates with a text, with a binary key and from the URL", async () => {
    const { accept, url } = await listen();
    const credentials = async (): Promise<Buffer> => {
      const { request } = await accept();
      return Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64");
    };
    const text = connect(url, [station201], { ...options, password: "pässword", headers: { "X-Site": "7" } });
    expect((await credentials()).toString()).toBe("CS001:pässword");
    const key = Uint8Array.from({ length: 20 }, (_, index) => 255 - index);
    const binary = connect(url, [station16], { ...options, password: key });
    expect([...(await credentials())]).toEqual([...Buffer.from("CS001:"), ...key]);
    const inUrl = connect(url.replace("ws://", "ws://CS001:s%3Acret@"), [station201], options);
    expect((await credentials()).toString()).toBe("CS001:s:cret");
    await Promise.all([text.close(), binary.close(), inUrl.close()]);
  });

  it("sends the headers that it is given", async () => {
    const { accept, url } = await listen();
    const session = connect(url, [station201], { ...options, headers: { "X-Site": "7" } });
    expect((await accept()).request.headers["x-site"]).toBe("7");
    await session.close();
  });

  it("asks for a fresh ticket before each attempt", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const failures = failureBox();
    let count = 0;
    const ticket = async (): Promise<string> => {
      count += 1;
      if (count === 2) throw new Error("no ticket today");
      return `once ${count}`;
    };
    const session = connect(`${url}?tenant=7`, [station201], {
      ...options,
      clock,
      onFailure: failures.onFailure,
      ticket,
      ticketParameter: "t",
    });
    const first = await accept();
    await session.ready;
    expect(first.request.url).toBe("/ocpp/CS001?tenant=7&t=once+1");
    first.socket.terminate();
    await clock.advance((await failures.next()).retryIn ?? NaN);
    const failure = await failures.next();
    expect(failure).toMatchObject({ error: { code: "ticket" }, attempt: 1 });
    await clock.advance(failure.retryIn ?? NaN);
    expect((await accept()).request.url).toContain("t=once+3");
    await session.close();
  });

  it("handles a frame that came in the same segment as the handshake", async () => {
    const frame = Buffer.from('[2,"early","Reset",{"type":"OnIdle"}]');
    const answers = mailbox<Buffer>();
    const url = await listenRaw((request, socket) => {
      const head = Buffer.from(openingResponse(request, "ocpp2.0.1"));
      socket.on("data", answers.put);
      socket.write(Buffer.concat([head, Buffer.from([0x81, frame.length]), frame]));
    });
    const clock = manualClock();
    const events: string[] = [];
    const frames = (direction: string, text: string): void => {
      events.push(`${direction} ${text}`);
    };
    const onPeer = (): void => {
      events.push("peer");
    };
    const session = connect(url, [station201], { ...options, clock, frames, onPeer });
    await answers.next();
    expect(events).toEqual([
      "peer",
      'inbound [2,"early","Reset",{"type":"OnIdle"}]',
      'outbound [3,"early",{"status":"Accepted"}]',
    ]);
    // The server never answers the closing handshake.
    const closed = session.close({ timeout: 0 });
    await clock.advance(5_000);
    await closed;
    expect(clock.timers).toBe(0);
  });

  it("closes with 1003 on a binary frame and handles nothing after it", async () => {
    const { accept, url } = await listen();
    const failures = failureBox();
    const seen: string[] = [];
    const frames = (_direction: string, text: string): void => {
      seen.push(text);
    };
    const session = connect(url, [station201], { ...options, frames, onFailure: failures.onFailure });
    const { socket } = await accept();
    const end = endOf(socket);
    socket.send(Buffer.from('[2,"b","Reset",{"type":"OnIdle"}]'));
    socket.send('[2,"t","Reset",{"type":"OnIdle"}]');
    expect(await end).toMatchObject({ code: 1003 });
    expect(await failures.next()).toMatchObject({ closure: { code: 1003 }, attempt: 0 });
    expect(seen).toEqual([]);
    await session.close();
  });

  it("closes with 1009 on a frame that is too large", async () => {
    const { accept, url } = await listen();
    const session = connect(url, [station201], { ...options, maxPayload: 1_000 });
    const { socket } = await accept();
    const end = endOf(socket);
    socket.send("x".repeat(1_001));
    expect((await end).code).toBe(1009);
    await session.close();
  });

  it("offers compression where asked to", async () => {
    const { accept, url } = await listen({ perMessageDeflate: true });
    const plain = connect(url, [station201], options);
    expect((await accept()).request.headers["sec-websocket-extensions"]).toBeUndefined();
    const compressed = connect(url, [station201], { ...options, compression: true });
    const { request, socket } = await accept();
    expect(request.headers["sec-websocket-extensions"]).toContain("permessage-deflate");
    expect(socket.extensions).toContain("permessage-deflate");
    await Promise.all([plain.close(), compressed.close()]);
  });
});
