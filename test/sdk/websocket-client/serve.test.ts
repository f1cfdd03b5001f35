import { csms } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { refuse, serve } from "@ocpp/websocket/server";
import { describe, expect, it } from "vitest";
import { station16, station201 } from "./stations.ts";
import { afterTest, failureBox, guardTests } from "./ws-server.ts";

guardTests();

const heartbeat = { Heartbeat: () => ({ currentTime: "2026-01-01T00:00:00Z" }) };
const fallback = { fallback: () => ({}) };
const endpoints = [csms(v201, heartbeat, fallback), csms(v16, heartbeat, fallback)];

describe("the client with the server of this package", () => {
  it("agrees on a version and calls", async () => {
    const server = await serve({ port: 0, host: "127.0.0.1", endpoints });
    afterTest(() => server.close());
    for (const endpoint of [station201, station16]) {
      const session = connect(`ws://127.0.0.1:${server.port}/ocpp`, [endpoint], { identity: "CS001" });
      const peer = await session.ready;
      expect(peer.protocol).toBe(endpoint.protocol.subprotocol);
      expect(await peer.callByName("Heartbeat", {})).toEqual({ currentTime: "2026-01-01T00:00:00Z" });
      await session.close();
    }
  });

  it("is told that its credentials are wrong, and connects once they are right", async () => {
    const server = await serve({
      port: 0,
      host: "127.0.0.1",
      endpoints,
      authenticate: ({ credentials, ticket }) => {
        const password = credentials && new TextDecoder().decode(credentials.password);
        return password === "right" || ticket === "valid" ? {} : refuse(401);
      },
    });
    afterTest(() => server.close());
    const { onFailure, next } = failureBox();
    const session = connect(`ws://127.0.0.1:${server.port}/ocpp`, [station201], {
      identity: "CS001",
      password: "wrong",
      onFailure,
    });
    expect(await next()).toMatchObject({ error: { code: "refused", status: 401 } });
    expect((await session.reconnect({ password: "right" })).identity).toBe("CS001");
    expect((await session.reconnect({ password: undefined, ticket: "valid" })).identity).toBe("CS001");
    await session.close();
  });
});
