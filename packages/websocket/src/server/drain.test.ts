import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { openingRequest, openStation, openWire, refused } from "./raw-station.fixture.ts";
import { closedByTest, endpoints, nextEvent, testServer } from "./test-server.fixture.ts";

describe("close", () => {
  it("lets calls in flight finish, refuses new connections, and closes with 1001", async () => {
    let answer: () => void = () => {};
    const server = closedByTest(
      await testServer({
        endpoints: endpoints(
          () =>
            new Promise((resolve) => {
              answer = () => {
                resolve({ status: "Accepted" });
              };
            }),
        ),
      }),
    );
    const { url } = server;
    const busy = await openStation(`${url}/CS001`);
    const calling = await openStation(`${url}/CS002`);
    const quiet = await openStation(`${url}/CS003`);
    busy.socket.send('[2,"1","Boot",{}]');
    const call = server.peer("CS002")?.callByName("Reset", { type: "OnIdle" });
    const [, id] = JSON.parse(await calling.next()) as [number, string];
    const closed = server.close();
    expect(await quiet.closed).toEqual({ code: 1001, reason: "The server is closing" });
    expect((await refused(`${url}/CS004`)).status).toBe(503);
    answer();
    expect(await busy.next()).toBe('[3,"1",{"status":"Accepted"}]');
    expect(await busy.closed).toMatchObject({ code: 1001 });
    calling.socket.send(`[3,"${id}",{"status":"Accepted"}]`);
    expect(await call).toEqual({ status: "Accepted" });
    await closed;
    expect(server.peers.size).toBe(0);
    expect(server.address).toBeUndefined();
    expect(server.url).toBe("");
    await expect(openStation(`${url}/CS005`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.close();
  });

  it("waits for what connections that are gone have sent, and drops and reports at its timeout what hangs", async () => {
    const clock = manualClock();
    const dropped: unknown[] = [];
    const handled: unknown[] = [];
    const signals: AbortSignal[] = [];
    const server = closedByTest(
      await testServer({
        clock,
        ping: false,
        report: (report) => {
          if (report.type === "call-dropped") dropped.push(report);
        },
        endpoints: endpoints(async ({ model }, { identity, signal }) => {
          signals.push(signal);
          if (model === "hangs") await new Promise(() => {});
          await new Promise<void>((resolve) => {
            clock.setTimer(resolve, 500);
          });
          handled.push(identity);
          return {};
        }),
      }),
    );
    for (const [identity, model] of [
      ["CS001", "works"],
      ["CS002", "hangs"],
    ]) {
      const station = await openStation(`${server.url}/${identity}`);
      const closed = nextEvent(server, "closed");
      station.socket.send(`[2,"a","Boot",{"model":"${model}"}]`);
      station.socket.send('[2,"b","Boot",{}]');
      station.socket.close();
      await closed;
    }
    expect(server.peers.size).toBe(0);
    let over = false;
    const closed = server.close({ timeout: 8_000 }).then(() => {
      over = true;
    });
    await clock.advance(6_999);
    expect(handled).toEqual(["CS001", "CS001"]);
    expect(dropped).toEqual([]);
    expect(over).toBe(false);
    await clock.advance(1);
    await closed;
    expect(dropped).toEqual([
      { type: "call-dropped", action: "Boot", messageId: "a", why: "aborted" },
      { type: "call-dropped", action: "Boot", messageId: "b", why: "aborted" },
    ]);
    expect(signals.map(({ aborted }) => aborted).toSorted()).toEqual([false, false, true]);
    expect(clock.timers).toBe(0);
  });

  it("does not wait for ever: calls are cut off, and sockets that do not answer", async () => {
    const clock = manualClock();
    const server = closedByTest(await testServer({ clock, ping: false }));
    const wire = await openWire(server.url);
    const opened = nextEvent(server, "opened");
    wire.socket.write(openingRequest("/CS001"));
    const { peer } = await opened;
    const call = peer.callByName("Reset", { type: "OnIdle" });
    const rejected = expect(call).rejects.toMatchObject({ code: "closed" });
    const closed = server.close({ timeout: 3_000, reason: "Maintenance" });
    await clock.advance(3_000);
    await wire.seen(/Maintenance/);
    await rejected;
    await closed;
    await wire.ended;
    expect(clock.timers).toBe(0);
  });

  it("refuses stations that wait for authenticate, and ends connections that ask for nothing", async () => {
    let asked: (signal: AbortSignal) => void = () => {};
    const waiting = new Promise<AbortSignal>((resolve) => {
      asked = resolve;
    });
    const server = closedByTest(
      await testServer({
        securityProfiles: [0],
        authenticate: (_request, signal) => {
          asked(signal);
          return new Promise<object>(() => {});
        },
      }),
    );
    const idle = await openWire(server.url);
    const answer = refused(`${server.url}/CS001`);
    const signal = await waiting;
    await server.close();
    expect((await answer).status).toBe(503);
    expect(signal.aborted).toBe(true);
    await idle.ended;
  });

  it("is cut short by a second one without patience", async () => {
    const server = closedByTest(await testServer());
    const { next } = await openStation(`${server.url}/CS001`);
    server
      .peer("CS001")
      ?.callByName("Reset", { type: "OnIdle" })
      .catch(() => {});
    await next();
    const first = server.close({ timeout: 3_600_000 });
    await server.close({ timeout: 0 });
    await first;
  });
});
