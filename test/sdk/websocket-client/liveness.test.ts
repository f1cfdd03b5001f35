import { once } from "node:events";
import { csms, manualClock } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { describe, expect, it } from "vitest";
import { station201 } from "./stations.ts";
import { failureBox, frameFrom, guardTests, listen } from "./ws-server.ts";

guardTests();

describe("ping", () => {
  it("keeps a connection that answers, every 30 seconds unless told otherwise", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const session = connect(url, [station201], { identity: "CS001", clock });
    await session.ready;
    const { socket } = await accept();
    for (let round = 0; round < 3; round += 1) {
      const pinged = once(socket, "ping");
      await clock.advance(30_000);
      await pinged;
      // The pong has arrived when an answer that was sent after it has.
      const call = session.peer?.call("Heartbeat", {});
      const [, id] = (await frameFrom(socket)) as [number, string];
      socket.send(JSON.stringify([3, id, { currentTime: "2026-01-01T00:00:00Z" }]));
      await call;
    }
    expect(session.state).toBe("open");
    await session.close();
    expect(clock.timers).toBe(0);
  });

  it("ends a connection that does not answer, and connects anew", async () => {
    const clock = manualClock();
    const { accept, url } = await listen({ autoPong: false });
    const { onFailure, next } = failureBox();
    const ping = { interval: 1_000, timeout: 300 };
    const session = connect(url, [station201], { identity: "CS001", clock, ping, onFailure });
    const peer = await session.ready;
    const { socket } = await accept();
    const pinged = once(socket, "ping");
    await clock.advance(1_000);
    await pinged;
    await clock.advance(300);
    expect(await next()).toMatchObject({ closure: { code: 1006, reason: "The other side does not answer" } });
    expect(peer.state).toBe("closed");
    await once(socket, "close");
    await session.close();
    expect(clock.timers).toBe(0);
  });
});

describe("heartbeat", () => {
  it("is called where asked for, and a missing answer ends the connection", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const { onFailure, next } = failureBox();
    const options = {
      identity: "CS001",
      clock,
      ping: false,
      heartbeat: 60_000,
      callTimeout: 5_000,
      onFailure,
    } as const;
    const session = connect(url, [station201], options);
    await session.ready;
    const { socket } = await accept();
    const first = frameFrom(socket);
    await clock.advance(60_000);
    expect(await first).toMatchObject([2, "m1", "Heartbeat", {}]);
    await clock.advance(5_000);
    expect((await next()).closure?.code).toBe(1006);
    await session.close();
    expect(clock.timers).toBe(0);
  });

  it("is not sent by a side that cannot", async () => {
    const clock = manualClock();
    const { url } = await listen();
    const observer = csms(v201, {}, { fallback: () => ({}) });
    const session = connect(url, [observer], { identity: "CS001", clock, ping: false, heartbeat: 60_000 });
    await session.ready;
    expect(clock.timers).toBe(0);
    await session.close();
  });
});
