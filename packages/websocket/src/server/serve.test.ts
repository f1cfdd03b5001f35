import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { oddResults } from "../../../core/src/odd-results.fixture.ts";
import { ListenError } from "./listen-error.ts";
import { openingRequest, openStation, openWire, refused } from "./raw-station.fixture.ts";
import { serve } from "./serve.ts";
import { closedByTest, endpoints, nextEvent, testServer } from "./test-server.fixture.ts";

describe("serve", () => {
  it("resolves when it listens, and says where", async () => {
    const server = await testServer({ path: "/ocpp" });
    expect(server.address).toMatchObject({ address: "127.0.0.1", port: server.port });
    expect(server.url).toBe(`ws://127.0.0.1:${server.port}/ocpp`);
    await openStation(`${server.url}/CS001`);
  });

  it("says plainly that a port is taken", async () => {
    const { port } = await testServer();
    const second = serve({ port, host: "127.0.0.1", endpoints: endpoints() });
    await expect(second).rejects.toBeInstanceOf(ListenError);
    await expect(second).rejects.toMatchObject({
      code: "EADDRINUSE",
      message: `Cannot listen on port ${port} of 127.0.0.1: it is in use already`,
    });
  });

  it("refuses options that contradict each other", async () => {
    const http = createServer();
    await expect(serve({ port: 0, server: http, endpoints: endpoints() })).rejects.toThrow(TypeError);
    await expect(serve({ host: "127.0.0.1", endpoints: endpoints() })).rejects.toThrow(/port/);
    await expect(serve({ tls: {}, endpoints: endpoints() })).rejects.toThrow(/port/);
    await expect(serve({ port: 0, path: "/a?b", endpoints: endpoints() })).rejects.toThrow(TypeError);
  });

  it("reaches stations from anywhere and lists them once", async () => {
    const server = await testServer();
    expect(server.peer("CS001")).toBeUndefined();
    await openStation(`${server.url}/CS001`);
    const { socket } = await openStation(`${server.url}/CS002`, { protocols: "ocpp1.6" });
    expect(Array.from(server.peers, ({ identity, protocol }) => [identity, protocol])).toEqual([
      ["CS001", "ocpp2.1"],
      ["CS002", "ocpp1.6"],
    ]);
    const told = nextEvent(server, "closed");
    socket.close(1000, "Off");
    expect(await told).toMatchObject({ code: 1000, reason: "Off" });
    expect(server.peers.size).toBe(1);
  });

  it("survives listeners that throw or reject, and tells of them", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const server = await testServer();
    server.on("opened", () => {
      throw new Error("one");
    });
    const stop = server.on("opened", async () => Promise.reject(new Error("two")));
    await openStation(`${server.url}/CS001`);
    await vi.waitFor(() => {
      expect(warn).toHaveBeenCalledTimes(2);
    });
    stop();
    await openStation(`${server.url}/CS002`);
    await vi.waitFor(() => {
      expect(warn).toHaveBeenCalledTimes(3);
    });
    expect(() => server.on("open" as "opened", () => {})).toThrow(/no event/);
    warn.mockRestore();
  });

  it.each(oddResults)("survives listeners that return %s", async (what, odd) => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const server = await testServer({ report: odd as () => undefined });
    server.on("opened", odd as () => undefined);
    const later: string[] = [];
    server.on("opened", ({ peer }) => later.push(peer.identity) as unknown as undefined);
    const station = await openStation(`${server.url}/CS001`);
    station.socket.send("no frame");
    await vi.waitFor(() => {
      expect(later).toEqual(["CS001"]);
      // What fails is told of, and nothing else is.
      expect(warn.mock.calls.length).toBe(/throws|rejects/.test(what) ? 1 : 0);
    });
    expect(server.peers.size).toBe(1);
    warn.mockRestore();
  });
});

describe("attached to a server that there is", () => {
  it("serves its path, and leaves the rest and the other listeners alone", async () => {
    const http = createServer((_request, response) => {
      response.end("page");
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const { port } = http.address() as AddressInfo;
    const server = closedByTest(await testServer({ server: http, path: "/ocpp" }));
    expect(server.url).toBe(`ws://127.0.0.1:${port}/ocpp`);
    await openStation(`${server.url}/CS001`);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("page");
    const elsewhere = `ws://127.0.0.1:${port}/live`;
    expect((await refused(elsewhere)).status).toBe(404);
    http.on("upgrade", (request, socket) => {
      if (request.url?.startsWith("/live") === true) socket.end("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n");
    });
    expect((await refused(elsewhere)).status).toBe(418);
    expect(() => {
      server.updateTls({});
    }).toThrow(TypeError);
    await server.close();
    expect(http.listenerCount("upgrade")).toBe(1);
    expect(http.listening).toBe(true);
    http.close();
    http.closeAllConnections();
  });

  it("is handed upgrades by whoever has them", async () => {
    const server = closedByTest((await serve({ endpoints: endpoints() })) as never);
    expect([server.address, server.port, server.url]).toEqual([undefined, 0, ""]);
    const http = createServer().listen(0, "127.0.0.1");
    http.on("upgrade", (request, socket, head) => {
      server.handleUpgrade(request, socket, head);
    });
    await once(http, "listening");
    const wire = await openWire(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const opened = nextEvent(server, "opened");
    wire.socket.write(openingRequest("/CS001"));
    expect((await opened).peer.identity).toBe("CS001");
    wire.socket.destroy();
    await server.close();
    http.close();
  });
});
