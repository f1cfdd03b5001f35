import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { type AnyPeer, ConnectionError, manualClock, OcppError } from "@ocpp/core";
import { describe, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import { closeCode } from "./close-code.ts";
import { Connection } from "./connection.ts";
import {
  clientFrame,
  closeFrame,
  openingRequest,
  openStation,
  openWire,
  type RawStation,
  refused,
} from "./raw-station.fixture.ts";
import { newer } from "./served.fixture.ts";
import { endpoints, nextEvent, testServer } from "./test-server.fixture.ts";

/** A promise and its ends. */
function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

const reset = { type: "OnIdle" };

describe("a frame that comes early", () => {
  it("in the segment of the opening request, while authenticate waits for a database, is handled", async () => {
    const asked = deferred();
    const database = deferred<object>();
    const server = await testServer({
      securityProfiles: [0],
      authenticate: async () => {
        asked.resolve();
        return database.promise;
      },
      endpoints: endpoints((_request, { info }) => ({ status: (info as { status: string }).status })),
    });
    const wire = await openWire(server.url);
    const boot = clientFrame(1, '[2,"1","Boot",{}]');
    wire.socket.write(Buffer.concat([Buffer.from(openingRequest("/CS001")), boot]));
    await asked.promise;
    wire.socket.write(clientFrame(1, '[2,"2","Boot",{}]'));
    database.resolve({ status: "Accepted" });
    const text = await wire.seen(/\[3,"2"/);
    expect(text).toContain("HTTP/1.1 101 ");
    expect(text.indexOf('[3,"1",{"status":"Accepted"}]')).toBeLessThan(text.indexOf('[3,"2"'));
    wire.socket.destroy();
  });

  it("is handled after the listeners of `opened` have run", async () => {
    const order: string[] = [];
    const server = await testServer({ endpoints: endpoints(() => (order.push("boot"), { status: "Accepted" })) });
    server.on("opened", () => {
      order.push("opened");
    });
    const wire = await openWire(server.url);
    wire.socket.write(Buffer.concat([Buffer.from(openingRequest("/CS001")), clientFrame(1, '[2,"1","Boot",{}]')]));
    await wire.seen(/\[3,"1"/);
    expect(order).toEqual(["opened", "boot"]);
    wire.socket.destroy();
  });
});

describe("a station that connects anew", () => {
  it("is reached by its newest connection; the old one is closed and its calls reject", async () => {
    const server = await testServer();
    const first = await openStation(`${server.url}/CS001`);
    const old = server.peer("CS001");
    const call = old?.callByName("Reset", reset);
    await first.next();
    const events: string[] = [];
    server.on("replaced", ({ peer, by }) => {
      events.push("replaced");
      expect(peer).toBe(old);
      expect(by).toBe(server.peer("CS001"));
    });
    const stop = server.on("closed", ({ peer, code }) => {
      events.push(`closed ${code}`);
      expect(peer).toBe(old);
      expect(peer.state).toBe("closed");
    });
    server.on("opened", () => {
      events.push("opened");
    });
    const second = await openStation(`${server.url}/CS001`);
    await expect(call).rejects.toMatchObject({ name: "ConnectionError", code: "closed" });
    expect(await first.closed).toEqual({ code: 4001, reason: "The station has connected anew" });
    stop();
    expect(events).toEqual(["replaced", `closed ${closeCode.replaced}`, "opened"]);
    expect(server.peers.size).toBe(1);
    const again = server.peer("CS001")?.callByName("Reset", reset);
    const [, id] = JSON.parse(await second.next()) as [number, string];
    second.socket.send(`[3,"${id}",{"status":"Accepted"}]`);
    expect(await again).toEqual({ status: "Accepted" });
    await expect(old?.callByName("Reset", reset)).rejects.toMatchObject({ code: "not-connected" });
  });

  it("gets no answer of a handler that the old connection started, which goes on", async () => {
    const started = deferred<readonly [AbortSignal, AbortSignal]>();
    const finish = deferred();
    const server = await testServer({
      endpoints: endpoints(async ({ model }, { signal, connectionSignal }) => {
        if (model === "slow") {
          started.resolve([signal, connectionSignal]);
          await finish.promise;
        }
        return { status: model ?? "" };
      }),
    });
    const first = await openStation(`${server.url}/CS001`);
    first.socket.send('[2,"1","Boot",{"model":"slow"}]');
    const [signal, connectionSignal] = await started.promise;
    const second = await openStation(`${server.url}/CS001`);
    expect(signal.aborted).toBe(false);
    expect(connectionSignal.aborted).toBe(true);
    expect(ConnectionError.is(connectionSignal.reason)).toBe(true);
    finish.resolve();
    second.socket.send('[2,"1","Boot",{"model":"new"}]');
    expect(await second.next()).toBe('[3,"1",{"status":"new"}]');
  });

  const manners = {
    "the closing handshake of WebSocket": ({ socket }: RawStation) => {
      socket.close();
    },
    "a FIN": (_station: RawStation, tcp: Socket) => {
      tcp.end();
    },
    "a reset": (_station: RawStation, tcp: Socket) => {
      tcp.resetAndDestroy();
    },
    "a new connection": ({ socket }: RawStation) => {
      void openStation(socket.url);
    },
  };

  it.each(Object.entries(manners))(
    "has all that it sent handled, in order, when it hangs up by %s",
    async (_, hangUp) => {
      const models: (string | undefined)[] = [];
      const first = deferred();
      const last = deferred();
      const server = await testServer({
        endpoints: endpoints(async ({ model }) => {
          if (model === "0") await first.promise;
          models.push(model);
          if (model === "8") last.resolve();
          return { status: "Accepted" };
        }),
      });
      const tcp = connect(server.port, "127.0.0.1");
      const station = await openStation(`${server.url}/CS001`, { createConnection: () => tcp });
      const { peer } = await new Promise<{ peer: AnyPeer }>((resolve) => {
        server.on("closed", resolve);
        for (let index = 0; index < 9; index += 1) station.socket.send(`[2,"${index}","Boot",{"model":"${index}"}]`);
        hangUp(station, tcp);
      });
      expect(peer.state).toBe("closed");
      expect(models).toEqual([]);
      first.resolve();
      await last.promise;
      await peer.finished;
      expect(models).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
      expect(peer.handling).toBe(0);
    },
  );

  it("fills no memory by calls that it never waits for: those of the oldest connection are dropped and reported", async () => {
    const dropped: string[] = [];
    const server = await testServer({
      endpoints: endpoints(() => new Promise(() => {})),
      handlerLimit: 2,
      report: (report) => {
        if (report.type === "call-dropped") dropped.push(`${report.messageId} ${report.why}`);
      },
    });
    for (let connection = 0; connection < 3; connection += 1) {
      const station = await openStation(`${server.url}/CS001`);
      const closed = nextEvent(server, "closed");
      for (const call of ["a", "b"]) station.socket.send(`[2,"${connection}${call}","Boot",{}]`);
      station.socket.close();
      await closed;
      await station.closed;
    }
    await expect.poll(() => dropped).toEqual(["0a aborted", "0b aborted"]);
  });

  it("does not lose to a request that was made before it and authenticated after it", async () => {
    const slow = deferred<object>();
    const asked = deferred();
    let count = 0;
    const server = await testServer({
      securityProfiles: [0],
      authenticate: () => {
        count += 1;
        if (count > 1) return {};
        asked.resolve();
        return slow.promise;
      },
    });
    const late = refused(`${server.url}/CS001`);
    await asked.promise;
    await openStation(`${server.url}/CS001`);
    const peer = server.peer("CS001");
    slow.resolve({});
    expect((await late).status).toBe(409);
    expect(server.peer("CS001")).toBe(peer);
    expect(peer?.state).toBe("open");
  });

  it("is refused where the options keep the old connection", async () => {
    const server = await testServer({ duplicates: "refuse" });
    const first = await openStation(`${server.url}/CS001`);
    expect((await refused(`${server.url}/CS001`)).status).toBe(409);
    first.socket.close();
    await nextEvent(server, "closed");
    await openStation(`${server.url}/CS001`);
  });

  it("has its half-dead old socket cut off after a while", async () => {
    const clock = manualClock();
    const server = await testServer({ clock });
    const wire = await openWire(server.url);
    const opened = nextEvent(server, "opened");
    wire.socket.write(openingRequest("/CS001"));
    await opened;
    const second = await openStation(`${server.url}/CS001`);
    // The old one gets its close frame and does not answer it.
    await wire.seen(closeFrame(4001));
    await clock.advance(4_000);
    expect(wire.socket.destroyed).toBe(false);
    await clock.advance(2_000);
    await wire.ended;
    expect(server.peer("CS001")?.state).toBe("open");
    second.socket.close();
    await nextEvent(server, "closed");
    await vi.waitFor(() => {
      expect(clock.timers).toBe(0);
    });
  });
});

describe("a frame that must not be", () => {
  it("binary closes with 1003", async () => {
    const server = await testServer();
    const { socket, closed } = await openStation(`${server.url}/CS001`);
    const told = nextEvent(server, "closed");
    socket.send(Buffer.from('[2,"1","Boot",{}]'));
    expect(await closed).toMatchObject({ code: 1003 });
    expect(await told).toMatchObject({ code: 1003 });
  });

  it.each([
    ["text that is not UTF-8", clientFrame(1, Uint8Array.from([0xff, 0xfe])), 1007],
    ["an unknown opcode", clientFrame(3, "x"), 1002],
    ["a frame without a mask", Buffer.from([0x81, 0x01, 0x78]), 1002],
    ["reserved bits", Buffer.from([0xf1, 0x81, 0, 0, 0, 0, 0x78]), 1002],
  ])("%s closes with its code, and the server serves on", async (_what, bytes, code) => {
    const server = await testServer();
    const told = nextEvent(server, "closed");
    const wire = await openWire(server.url);
    wire.socket.write(Buffer.concat([Buffer.from(openingRequest("/CS001")), bytes]));
    expect(await told).toMatchObject({ code });
    expect(server.peer("CS001")).toBeUndefined();
    wire.socket.destroy();
    await openStation(`${server.url}/CS001`);
  });

  it("of more bytes than are allowed closes with 1009", async () => {
    const server = await testServer({ maxPayload: 100 });
    const { socket, closed } = await openStation(`${server.url}/CS001`);
    socket.send(`[2,"1","Boot",{"model":"${"x".repeat(100)}"}]`);
    expect(await closed).toMatchObject({ code: 1009 });
  });
});

describe("a defect", () => {
  it("in what takes the messages closes one connection with 1011 and does not end the process", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const socket = Object.assign(new EventEmitter(), { close: vi.fn(), terminate: vi.fn() });
    const host = { tick: 1, closingTicks: 5, maxBuffered: 1, callLimit: undefined, ended: vi.fn(), gone: vi.fn() };
    const station = { identity: "CS001", address: "", protocol: newer, arrival: 1 };
    const connection = new Connection(host, socket as unknown as WebSocket, station);
    connection.start({
      message: () => {
        throw new Error("defect");
      },
      closed: () => {},
    });
    socket.emit("message", Buffer.from("[]"), false);
    expect(socket.close).toHaveBeenCalledWith(1011, "");
    expect(host.ended).toHaveBeenCalledOnce();
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});

describe("a connection that is cut", () => {
  it("rejects its calls, and a reset of the network does no harm", async () => {
    const server = await testServer();
    const wire = await openWire(server.url);
    const opened = nextEvent(server, "opened");
    wire.socket.write(openingRequest("/CS001"));
    const { peer } = await opened;
    const call = peer.callByName("Reset", reset);
    await wire.seen(/Reset/);
    wire.socket.resetAndDestroy();
    await expect(call).rejects.toMatchObject({ code: "closed" });
    expect(await peer.closed).toMatchObject({ code: 1006 });
    expect(server.peers.size).toBe(0);
  });

  it("because the station does not read does not grow the memory", async () => {
    const server = await testServer({ maxBuffered: 100_000, callTimeout: 60_000 });
    const wire = await openWire(server.url);
    const opened = nextEvent(server, "opened");
    wire.socket.write(openingRequest("/CS001"));
    const { peer } = await opened;
    await wire.seen(/101/);
    wire.socket.pause();
    const told = nextEvent(server, "closed");
    // Each call times out of patience at once and leaves its bytes behind.
    const big = { type: "x".repeat(90_000) };
    for (let count = 0; count < 1_000 && peer.state === "open"; count += 1) {
      const giveUp = new AbortController();
      const call = peer.callByName("Reset", big, { signal: giveUp.signal, sent: () => giveUp.abort() });
      await expect(call).rejects.toBeInstanceOf(ConnectionError);
    }
    expect(await told).toMatchObject({ code: closeCode.slow });
    wire.socket.destroy();
  });
});

describe("liveness", () => {
  it("pings who is quiet, and cuts who does not answer", async () => {
    const clock = manualClock();
    const server = await testServer({ clock, ping: { interval: 30_000, timeout: 10_000 } });
    const alive = await openStation(`${server.url}/CS001`);
    const dead = await openStation(`${server.url}/CS002`, { autoPong: false });
    const pinged = Promise.all(
      [alive, dead].map(({ socket }) => new Promise((resolve) => socket.once("ping", resolve))),
    );
    const pong = vi.fn();
    await clock.advance(30_000);
    await pinged;
    const told = nextEvent(server, "closed");
    // The pong of the live one is on its way; a call makes sure that it has come.
    alive.socket.send('[2,"1","Boot",{}]', pong);
    await alive.next();
    await clock.advance(10_000);
    expect(await told).toMatchObject({ code: closeCode.unresponsive });
    expect(Array.from(server.peers, ({ identity }) => identity)).toEqual(["CS001"]);
    expect(await dead.closed).toMatchObject({ code: 1006 });
  });

  it("closes who says nothing for too long, whatever it pings", async () => {
    const clock = manualClock();
    const server = await testServer({ clock, ping: false, idleTimeout: 60_000 });
    const { socket, closed, next } = await openStation(`${server.url}/CS001`);
    await clock.advance(50_000);
    socket.send('[2,"1","Boot",{}]');
    await next();
    await clock.advance(50_000);
    expect(server.peers.size).toBe(1);
    await clock.advance(11_000);
    expect(await closed).toMatchObject({ code: closeCode.idle });
  });

  it("refuses times that are no times", async () => {
    await expect(testServer({ ping: { interval: 0 } })).rejects.toThrow(RangeError);
    await expect(testServer({ idleTimeout: -1 })).rejects.toThrow(RangeError);
  });
});

describe("what is passed through", () => {
  it("frames, reports, interceptors and timeouts reach the peer", async () => {
    const frames: string[] = [];
    const reports: string[] = [];
    const actions: string[] = [];
    const clock = manualClock();
    const server = await testServer({
      clock,
      callTimeout: 5_000,
      frames: (direction, text, identity) => frames.push(`${identity} ${direction} ${text}`),
      report: ({ type }, identity) => reports.push(`${identity} ${type}`),
      interceptors: [
        (next) => (exchange) => {
          actions.push(exchange.action);
          if (exchange.messageId === "9") throw new OcppError("SecurityError", "no");
          return next(exchange);
        },
      ],
    });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    socket.send('[2,"1","Boot",{}]');
    expect(await next()).toBe('[3,"1",{"status":"Accepted"}]');
    socket.send('[2,"9","Boot",{}]');
    expect(await next()).toContain("SecurityError");
    const call = server.peer("CS001")?.callByName("Reset", reset);
    await next();
    await Promise.all([expect(call).rejects.toMatchObject({ code: "timeout" }), clock.advance(5_000)]);
    expect(frames[0]).toBe('CS001 inbound [2,"1","Boot",{}]');
    expect(actions).toEqual(["Boot", "Boot", "Reset"]);
    socket.send('[3,"77",{}]');
    await vi.waitFor(() => {
      expect(reports).toContain("CS001 unexpected-answer");
    });
  });

  it("handlers that fail become warnings where nobody asked for reports", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const server = await testServer({
      endpoints: endpoints(() => {
        throw new Error("no database");
      }),
    });
    const { socket, next } = await openStation(`${server.url}/CS001`);
    socket.send('[2,"1","Boot",{}]');
    expect(await next()).toMatch(/^\[4,"1","InternalError"/);
    expect(warn).toHaveBeenCalledWith("The handler of Boot failed (CS001)", expect.anything());
    warn.mockRestore();
  });
});
