import { describe, expect, it } from "vitest";
import { acme, oldAcme } from "./acme-protocol.fixture.ts";
import { connectPeer } from "./connect-peer.ts";
import { ConnectionError } from "./connection-error.ts";
import { csms, station, withInfo } from "./endpoint.ts";
import { manualClock } from "./manual-clock.ts";
import { memoryPair } from "./memory-transport.ts";
import { OcppError } from "./ocpp-error.ts";
import { oddResults } from "./odd-results.fixture.ts";
import type { Report } from "./report.ts";
import type { Sink, Transport } from "./transport.ts";
import { ViolationError } from "./violation-error.ts";

const stationSide = station(acme, { Echo: ({ token }) => ({ token }), Reset: () => ({ status: "Accepted" }) });
const csmsSide = csms(acme, { Echo: ({ token }) => ({ token }), Boot: () => ({ status: "Accepted" }), Tick: () => {} });

/** One end of a connection that a test drives by hand. */
function wire(subprotocol = "acme"): {
  transport: Transport;
  sent: string[];
  receive: (text: string) => void;
  hangUp: () => void;
} {
  const sent: string[] = [];
  let sink: Sink | undefined;
  const transport: Transport = {
    subprotocol,
    start: (other) => {
      sink = other;
    },
    send: (text) => {
      sent.push(text);
    },
    close: (code = 1000, reason = "") => sink?.closed(code, reason),
  };
  return { transport, sent, receive: (text) => sink?.message(text), hangUp: () => sink?.closed(1006, "") };
}

describe("calls", () => {
  it("go both ways", async () => {
    const [a, b] = memoryPair("acme");
    const cs = connectPeer(a, stationSide);
    const sys = connectPeer(b, csmsSide);
    expect(await cs.call("Boot", {})).toEqual({ status: "Accepted" });
    expect(await sys.call("Reset", { type: "Soft" })).toEqual({ status: "Accepted" });
    expect(await Promise.all([1, 2, 3].map((token) => sys.call("Echo", { token })))).toEqual([
      { token: 1 },
      { token: 2 },
      { token: 3 },
    ]);
  });

  it("wait for the one before, in order", async () => {
    const { transport, sent, receive } = wire();
    const cs = connectPeer(transport, stationSide, { clock: manualClock() });
    const both = Promise.all([cs.call("Echo", { token: 1 }), cs.call("Echo", { token: 2 })]);
    await Promise.resolve();
    expect(sent).toEqual(['[2,"m1","Echo",{"token":1}]']);
    receive('[3,"m1",{"token":1}]');
    expect(sent).toHaveLength(2);
    receive('[3,"m2",{"token":2}]');
    expect(await both).toEqual([{ token: 1 }, { token: 2 }]);
  });

  it("reject with what a validator of the user's own throws, and let the next call go", async () => {
    const broken = (): never => {
      throw new Error("defect");
    };
    const faulty = { ...acme, actions: { ...acme.actions, Boot: { ...acme.actions.Boot, response: broken } } };
    const { transport, receive } = wire();
    const side = station(faulty, { Echo: ({ token }) => ({ token }), Reset: () => ({ status: "Accepted" }) });
    const cs = connectPeer(transport, side, { clock: manualClock() });
    const first = cs.call("Boot", {});
    const second = cs.call("Echo", { token: 2 });
    receive('[3,"m1",{}]');
    await expect(first).rejects.toThrow("defect");
    receive('[3,"m2",{"token":2}]');
    expect(await second).toEqual({ token: 2 });
  });

  it("reject with the error of the other side, in any spelling", async () => {
    const { transport, receive } = wire();
    const cs = connectPeer(transport, stationSide, { clock: manualClock() });
    const call = cs.call("Boot", {});
    receive('[4,"m1","FormationViolation","no good",{"field":"x"}]');
    await expect(call).rejects.toMatchObject({
      name: "OcppError",
      code: "FormatViolation",
      description: "no good",
      details: { field: "x" },
      received: true,
    });
  });

  it("are checked before they leave, and the answer when it arrives", async () => {
    const { transport, sent, receive } = wire();
    const cs = connectPeer(transport, stationSide, { clock: manualClock() });
    await expect(cs.callByName("Echo", { token: "x" })).rejects.toThrow(
      new ViolationError("Echo", "request", { kind: "type", path: ["token"], message: "must be a number" }),
    );
    expect(sent).toEqual([]);
    const call = cs.call("Echo", { token: 1 });
    receive('[3,"m2",{}]');
    await expect(call).rejects.toThrow("Echo response: token is required");
    expect(sent.at(-1)).toBe('[5,"m2","OccurrenceConstraintViolation","token is required",{}]');
  });

  it("send nothing back for a bad answer before 2.1", async () => {
    const { transport, sent, receive } = wire("old-acme");
    const cs = connectPeer(transport, station(oldAcme, {}, { fallback: () => ({}) }), { clock: manualClock() });
    const call = cs.call("Echo", { token: 1 });
    receive('[3,"m1",{}]');
    await expect(call).rejects.toBeInstanceOf(ViolationError);
    expect(sent).toHaveLength(1);
  });

  it("time out, and a late answer is reported and taken by nobody", async () => {
    const clock = manualClock();
    const reports: Report[] = [];
    const { transport, receive } = wire();
    const cs = connectPeer(transport, stationSide, { clock, report: (report) => reports.push(report) });
    const call = cs.call("Echo", { token: 1 }, { timeout: 500 });
    const failed = expect(call).rejects.toMatchObject({
      code: "timeout",
      message: "Echo was not answered within 500 ms",
    });
    await clock.advance(500);
    await failed;
    receive('[3,"m1",{"token":1}]');
    receive('[3,"never",{"token":1}]');
    expect(reports).toEqual([
      { type: "unexpected-answer", why: "late", messageId: "m1" },
      { type: "unexpected-answer", why: "unknown", messageId: "never" },
    ]);
    expect(clock.timers).toBe(0);
  });

  it("stop at their signal: before, queued and in flight", async () => {
    const { transport, sent, receive } = wire();
    const cs = connectPeer(transport, stationSide, { clock: manualClock() });
    await expect(cs.call("Boot", {}, { signal: AbortSignal.abort("why") })).rejects.toMatchObject({
      code: "aborted",
      cause: "why",
    });
    const flying = new AbortController();
    const queued = new AbortController();
    const calls = [
      cs.call("Echo", { token: 1 }, { signal: flying.signal }),
      cs.call("Echo", { token: 2 }, { signal: queued.signal }),
      cs.call("Echo", { token: 3 }),
    ];
    await Promise.resolve();
    queued.abort();
    flying.abort();
    await expect(calls[0]).rejects.toMatchObject({ code: "aborted" });
    await expect(calls[1]).rejects.toMatchObject({ code: "aborted" });
    expect(sent).toEqual(['[2,"m2","Echo",{"token":1}]', '[2,"m4","Echo",{"token":3}]']);
    receive('[3,"m4",{"token":3}]');
    expect(await calls[2]).toEqual({ token: 3 });
  });

  it("reject when the connection goes, and afterwards", async () => {
    const { transport, hangUp } = wire();
    const cs = connectPeer(transport, stationSide);
    const calls = [cs.call("Boot", {}), cs.call("Boot", {})];
    await Promise.resolve();
    hangUp();
    await expect(calls[0]).rejects.toThrow("Boot was not answered: the connection is gone (1006)");
    await expect(calls[1]).rejects.toThrow("Boot was not sent: the connection is gone (1006)");
    await expect(cs.call("Boot", {})).rejects.toMatchObject({ code: "not-connected" });
    expect(await cs.closed).toEqual({ code: 1006, reason: "" });
    expect(cs.signal.aborted).toBe(true);
  });

  it("free the line when their payload is not JSON or the transport refuses", async () => {
    const { transport, receive } = wire();
    let full = true;
    const cs = connectPeer(
      {
        ...transport,
        send: () => {
          if (full) throw new Error("full");
        },
      },
      station(acme, {}, { fallback: () => ({}), validation: { outbound: "off" } }),
      { clock: manualClock() },
    );
    await expect(cs.callByName("Echo", { token: 1n })).rejects.toMatchObject({ code: "unserializable" });
    await expect(cs.call("Echo", { token: 1 })).rejects.toMatchObject({ code: "not-connected" });
    full = false;
    const call = cs.call("Echo", { token: 1 });
    receive('[3,"m3",{"token":1}]');
    expect(await call).toEqual({ token: 1 });
  });

  it("are refused beyond the limit of the queue", async () => {
    const { transport, hangUp } = wire();
    const cs = connectPeer(transport, stationSide, { callLimit: 2 });
    const taken = Promise.allSettled([cs.call("Boot", {}), cs.call("Boot", {})]);
    await expect(cs.call("Boot", {})).rejects.toMatchObject({ code: "overloaded" });
    expect(cs.queued).toBe(2);
    hangUp();
    await taken;
  });

  it("tell a program without types what is wrong with an action", async () => {
    const cs = connectPeer(wire().transport, stationSide);
    await expect(cs.callByName("Nope", {})).rejects.toThrow(new TypeError('acme has no action "Nope"'));
    await expect(cs.callByName("Reset", {})).rejects.toThrow("Reset is sent by the csms, not by the station");
    await expect(cs.callByName("Tick", {})).rejects.toThrow("Tick is not answered: use send()");
  });

  it("refuse an id of the caller that is too long", async () => {
    const cs = connectPeer(wire().transport, stationSide);
    await expect(cs.call("Boot", {}, { messageId: "x".repeat(37) })).rejects.toThrow("more than 36 characters");
  });

  it("carry the id of the caller and tell when they were sent", async () => {
    const { transport, sent, receive } = wire();
    const cs = connectPeer(transport, stationSide);
    const told: string[] = [];
    const call = cs.call("Boot", {}, { messageId: "mine", sent: (id) => told.push(id) });
    expect(told).toEqual(["mine"]);
    expect(sent).toEqual(['[2,"mine","Boot",{}]']);
    receive('[3,"mine",{"status":"Accepted"}]');
    await call;
  });
});

describe("handlers", () => {
  const serve = (handlers: object, options = {}) => {
    const line = wire();
    const clock = manualClock();
    const reports: Report[] = [];
    const endpoint = csms(acme, handlers as Record<string, never>, { fallback: () => ({ token: 0 }) });
    const peer = connectPeer(line.transport, endpoint, { clock, report: (report) => reports.push(report), ...options });
    return { ...line, clock, reports, peer };
  };

  it("refuse what they do not know, by direction and by name", () => {
    const { sent, receive } = serve({});
    receive('[2,"1","Reset",{"type":"Soft"}]');
    receive('[2,"2","Forgotten",{}]');
    receive('[2,"3","constructor",{}]');
    receive('[2,"4","__proto__",{}]');
    receive('[2,"5","Tick",{"at":1}]');
    receive('[6,"6","Echo",{"token":1}]');
    expect(sent.map((text) => JSON.parse(text).slice(0, 4))).toEqual([
      [4, "1", "NotSupported", "Reset is sent by the csms, not to it"],
      [4, "2", "NotSupported", "Forgotten is sent by the csms, not to it"],
      [4, "3", "NotImplemented", "acme has no such action"],
      [4, "4", "NotImplemented", "acme has no such action"],
      [4, "5", "NotSupported", "Tick is a send and not a call"],
    ]);
  });

  it("throw an OcppError that travels, and anything else that does not", async () => {
    const { sent, receive, clock, reports } = serve({
      Echo: ({ token }: { token: number }) => {
        if (token === 1) throw new OcppError("SecurityError", "not you", { details: { why: 1 } });
        if (token === 2) throw new OcppError("SecurityError", "secret of another", { received: true });
        throw new Error("secret");
      },
    });
    for (const token of [1, 2, 3]) receive(`[2,"${token}","Echo",{"token":${token}}]`);
    await clock.settle();
    expect(sent).toEqual([
      '[4,"1","SecurityError","not you",{"why":1}]',
      '[4,"2","InternalError","Echo could not be processed",{}]',
      '[4,"3","InternalError","Echo could not be processed",{}]',
    ]);
    expect(reports.map((report) => report.type)).toEqual(["handler-failed", "handler-failed"]);
  });

  it("answer InternalError for a response of their own that is not valid, and tell us all", () => {
    const { sent, receive, reports } = serve({ Echo: () => ({ token: "secret" }) });
    receive('[2,"1","Echo",{"token":1}]');
    expect(sent).toEqual(['[4,"1","InternalError","The response to Echo is not valid",{}]']);
    expect(reports).toMatchObject([
      { type: "violation", direction: "outbound", part: "response", violation: { path: ["token"] } },
    ]);
  });

  it("run one at a time, in the order of arrival, and may call back meanwhile", async () => {
    const order: string[] = [];
    const gates: (() => void)[] = [];
    const { sent, receive, clock } = serve({
      Echo: async (
        { token }: { token: number },
        context: { peer: { call(action: string, request: unknown): Promise<unknown> } },
      ) => {
        order.push(`start ${token}`);
        if (token === 9) await context.peer.call("Reset", { type: "Soft" });
        else await new Promise<void>((resolve) => gates.push(resolve));
        order.push(`end ${token}`);
        return { token };
      },
    });
    receive('[2,"a","Echo",{"token":1}]');
    receive('[2,"b","Echo",{"token":9}]');
    receive('[2,"c","Echo",{"token":2}]');
    expect(order).toEqual(["start 1"]);
    gates[0]?.();
    await clock.settle();
    expect(order).toEqual(["start 1", "end 1", "start 9", "start 2"]);
    gates[1]?.();
    receive('[3,"m1",{"status":"Accepted"}]');
    await clock.settle();
    expect(order.slice(4).sort()).toEqual(["end 2", "end 9"]);
    expect(sent.filter((text) => text.startsWith("[3"))).toHaveLength(3);
  });

  it("are refused a second call under the id of one that is being handled", async () => {
    const { sent, receive, reports } = serve({ Echo: () => new Promise(() => {}) });
    receive('[2,"a","Echo",{"token":1}]');
    receive('[2,"a","Echo",{"token":1}]');
    expect(sent).toEqual(['[4,"a","RpcFrameworkError","A call with this message id is being handled already",{}]']);
    expect(reports).toEqual([{ type: "duplicate-call", action: "Echo", messageId: "a" }]);
  });

  it("are answered under their id as it came, and refused under one that breaks the rules where the peer is strict", () => {
    const long = `"${"x".repeat(37)}"`;
    for (const id of [long, "7", "1e3", "12345678901234567890"]) {
      const tolerant = wire();
      const seen: string[] = [];
      const echo = csms(
        acme,
        { Echo: (_request, { messageId }) => (seen.push(messageId), { token: 1 }) },
        { fallback: () => ({}) },
      );
      connectPeer(tolerant.transport, echo);
      tolerant.receive(`[2,${id},"Echo",{"token":1}]`);
      expect(tolerant.sent).toEqual([`[3,${id},{"token":1}]`]);
      expect(seen).toEqual([id.replaceAll('"', "")]);

      const strict = wire();
      const reports: Report[] = [];
      connectPeer(strict.transport, csmsSide, { messageIds: "strict", report: (report) => reports.push(report) });
      strict.receive(`[2,${id},"Echo",{"token":1}]`);
      expect(strict.sent).toHaveLength(1);
      expect(strict.sent[0]).toMatch(`[4,${id},"RpcFrameworkError","The message id `);
      expect(reports).toMatchObject([{ type: "malformed-frame", answered: true }]);
    }
  });

  it("have arrived by `receivedAt`, before `frames` was shown them", () => {
    const { transport, receive } = wire();
    // Each look at the clock costs a millisecond, as on a busy machine.
    let now = 1_000;
    const clock = { ...manualClock(), now: () => now++ };
    const times: number[] = [];
    const side = csms(
      acme,
      { Echo: ({ token }, { receivedAt }) => (times.push(receivedAt), { token }) },
      { fallback: () => ({}) },
    );
    connectPeer(transport, side, {
      clock,
      frames: (direction) => {
        if (direction === "inbound") times.push(clock.now());
      },
    });
    receive('[2,"a","Echo",{"token":1}]');
    expect(times).toHaveLength(2);
    expect(times[1]).toBeLessThanOrEqual(times[0] ?? 0);
  });

  it("have a deadline, after which the next one runs", async () => {
    let signal: AbortSignal | undefined;
    const { sent, receive, clock, reports } = serve(
      {
        Echo: (request: { token: number }, context: { signal: AbortSignal }) => {
          if (request.token === 2) return request;
          signal = context.signal;
          return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(request)));
        },
      },
      { handlerTimeout: 1_000 },
    );
    receive('[2,"a","Echo",{"token":1}]');
    receive('[2,"b","Echo",{"token":2}]');
    await clock.advance(1_000);
    expect(signal?.aborted).toBe(true);
    expect(sent).toEqual(['[4,"a","InternalError","Echo took too long",{}]', '[3,"b",{"token":2}]']);
    expect(reports).toEqual([
      { type: "call-dropped", action: "Echo", messageId: "a", why: "timeout" },
      { type: "handler-late", action: "Echo", messageId: "a" },
    ]);
    expect(clock.timers).toBe(0);
  });

  it("go on when the connection goes, with what waits and what had been sent before, and answer nowhere", async () => {
    const signals: AbortSignal[] = [];
    const tokens: number[] = [];
    let finish: ((value: unknown) => void) | undefined;
    const { sent, receive, hangUp, clock, reports } = serve({
      Echo: (request: { token: number }, context: { signal: AbortSignal; connectionSignal: AbortSignal }) => {
        signals.push(context.signal, context.connectionSignal);
        tokens.push(request.token);
        if (request.token > 1) return request;
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    receive('[2,"a","Echo",{"token":1}]');
    receive('[2,"b","Echo",{"token":2}]');
    hangUp();
    receive('[2,"c","Echo",{"token":3}]');
    receive("[2,");
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    finish?.({ token: 1 });
    await clock.settle();
    expect(tokens).toEqual([1, 2, 3]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false, true, false, true]);
    expect(sent).toEqual([]);
    expect(reports).toEqual(["a", "b", "c"].map((messageId) => ({ type: "handler-late", action: "Echo", messageId })));
    expect(clock.timers).toBe(0);
  });

  it("keep their deadline when the connection goes", async () => {
    let signal: AbortSignal | undefined;
    const { receive, hangUp, clock, reports } = serve(
      {
        Echo: (_request: unknown, context: { signal: AbortSignal }) => {
          signal = context.signal;
          return new Promise(() => {});
        },
      },
      { handlerTimeout: 1_000 },
    );
    receive('[2,"a","Echo",{"token":1}]');
    hangUp();
    await clock.advance(1_000);
    expect(signal?.aborted).toBe(true);
    expect(reports).toEqual([{ type: "call-dropped", action: "Echo", messageId: "a", why: "timeout" }]);
    expect(clock.timers).toBe(0);
  });

  it("are refused beyond their limit", async () => {
    const { sent, receive } = serve({ Echo: () => new Promise(() => {}) }, { handlerLimit: 1 });
    for (const id of ["a", "b", "c"]) receive(`[2,"${id}","Echo",{"token":1}]`);
    expect(sent).toEqual(['[4,"c","InternalError","Too many calls are waiting to be handled",{}]']);
  });

  it("run tasks after the response, in order, and none where nothing was answered", async () => {
    const order: string[] = [];
    const line = wire();
    const clock = manualClock();
    const endpoint = csms(acme, {
      Boot: (_request, { afterResponse }) => {
        afterResponse(async () => {
          await Promise.resolve();
          order.push("first");
        });
        afterResponse(() => {
          order.push("second");
          throw new Error("late trouble");
        });
        return { status: "Accepted" };
      },
      Echo: (_request, context) => {
        context.afterResponse(() => {
          order.push("never");
        });
        throw new OcppError("GenericError");
      },
      Tick: () => {},
    });
    const reports: Report[] = [];
    connectPeer({ ...line.transport, send: (text) => order.push(text.slice(0, 6)) }, endpoint, {
      clock,
      report: (report) => reports.push(report),
    });
    line.receive('[2,"a","Boot",{}]');
    line.receive('[2,"b","Echo",{"token":1}]');
    await clock.settle();
    expect(order).toEqual(['[3,"a"', '[4,"b"', "first", "second"]);
    expect(reports.at(-1)).toMatchObject({ type: "handler-failed", action: "Boot" });
  });

  it("wait up to a number of characters together, and one may wait whatever its length", async () => {
    const ends: (() => void)[] = [];
    const { sent, receive, clock } = serve(
      { Echo: () => new Promise((resolve) => ends.push(() => resolve({ token: 1 }))) },
      { handlerBacklog: 200 },
    );
    const call = (id: string, length: number): string => `[2,"${id}","Echo",{"token":1}]`.padEnd(length);
    for (const [id, length] of [
      ["now", 1_000],
      ["long", 500],
      ["short", 50],
    ] as const)
      receive(call(id, length));
    expect(sent).toEqual(['[4,"short","InternalError","Too many calls are waiting to be handled",{}]']);
    ends.shift()?.();
    await clock.settle();
    // The long one is being handled and waits no more.
    for (const [id, length] of [
      ["a", 100],
      ["b", 100],
      ["c", 30],
    ] as const)
      receive(call(id, length));
    expect(sent.slice(1)).toEqual([
      '[3,"now",{"token":1}]',
      '[4,"c","InternalError","Too many calls are waiting to be handled",{}]',
    ]);
  });

  it("get a send and never answer it", () => {
    const ticks: number[] = [];
    const line = wire();
    connectPeer(
      line.transport,
      csms(
        acme,
        {
          Tick: ({ at }) => {
            ticks.push(at);
          },
        },
        { fallback: () => ({}) },
      ),
    );
    line.receive('[6,"a","Tick",{"at":1}]');
    line.receive('[6,"a","Tick",{"at":"x"}]');
    expect(ticks).toEqual([1]);
    expect(line.sent).toEqual([]);
  });
});

describe("validation policy", () => {
  it("reports, switches off and tolerates by action", () => {
    const line = wire();
    const seen: unknown[] = [];
    const endpoint = csms(
      acme,
      {
        Echo: (request, context) => {
          seen.push([request, context.violation?.kind]);
          return { token: 1 };
        },
        Boot: () => ({ status: "Accepted" }),
        Tick: ({ at }) => {
          seen.push(at);
        },
      },
      {
        validation: {
          inbound: "reject",
          actions: { Echo: { inbound: "report" }, Tick: { inbound: "off" }, Boot: { tolerate: ["unknown-property"] } },
        },
      },
    );
    connectPeer(line.transport, endpoint);
    line.receive('[2,"a","Echo",{"token":"x"}]');
    line.receive('[6,"b","Tick",{"at":"x"}]');
    line.receive('[2,"c","Boot",{"vendorField":1}]');
    expect(seen).toEqual([[{ token: "x" }, "type"], "x"]);
    expect(line.sent).toEqual(['[3,"a",{"token":1}]', '[3,"c",{"status":"Accepted"}]']);
  });
});

describe("interceptors", () => {
  it("wrap both directions, outermost first, and may refuse", async () => {
    const order: string[] = [];
    const line = wire();
    const clock = manualClock();
    const log =
      (name: string) =>
      (next: (exchange: never) => Promise<unknown>) =>
      async (exchange: { action: string; direction: string }) => {
        order.push(`${name} ${exchange.direction} ${exchange.action}`);
        if (exchange.action === "Boot") throw new OcppError("SecurityError", "too fast");
        return next(exchange as never);
      };
    const endpoint = csms(
      acme,
      { Echo: ({ token }) => ({ token }), Boot: () => ({ status: "Accepted" }), Tick: () => {} },
      { interceptors: [log("inner")] },
    );
    const peer = connectPeer(line.transport, endpoint, { clock, interceptors: [log("outer")] });
    line.receive('[2,"a","Boot",{}]');
    line.receive('[2,"b","Echo",{"token":1}]');
    await clock.settle();
    expect(line.sent).toEqual(['[4,"a","SecurityError","too fast",{}]', '[3,"b",{"token":1}]']);
    const call = peer.call("Echo", { token: 5 });
    await clock.settle();
    line.receive('[3,"m1",{"token":5}]');
    expect(await call).toEqual({ token: 5 });
    expect(order).toEqual([
      "outer inbound Boot",
      "outer inbound Echo",
      "inner inbound Echo",
      "outer outbound Echo",
      "inner outbound Echo",
    ]);
  });
});

describe("closing", () => {
  it("waits for calls in flight in both directions, takes no new ones of ours and serves those of the other side", async () => {
    const clock = manualClock();
    const line = wire();
    let finish: ((value: { token: number }) => void) | undefined;
    const peer = connectPeer(
      line.transport,
      csms(acme, {
        Echo: () =>
          new Promise((resolve) => {
            finish = resolve;
          }),
        Boot: () => ({ status: "Accepted" }),
        Tick: () => {},
      }),
      { clock },
    );
    const call = peer.call("Reset", { type: "Soft" });
    line.receive('[2,"a","Echo",{"token":1}]');
    await clock.settle();
    const closing = peer.close({ code: 1001, reason: "bye" });
    expect(peer.state).toBe("closing");
    await expect(peer.call("Reset", { type: "Soft" })).rejects.toMatchObject({ code: "not-connected" });
    line.receive('[2,"b","Boot",{}]');
    line.receive('[3,"m1",{"status":"Accepted"}]');
    await clock.settle();
    expect(peer.state).toBe("closing");
    finish?.({ token: 1 });
    expect(await closing).toEqual({ code: 1001, reason: "bye" });
    expect(await call).toEqual({ status: "Accepted" });
    expect(line.sent).toEqual([
      '[2,"m1","Reset",{"type":"Soft"}]',
      '[3,"a",{"token":1}]',
      '[3,"b",{"status":"Accepted"}]',
    ]);
    expect(clock.timers).toBe(0);
  });

  it("handles what arrives before the other side has learnt of the end, also where it aborts handlers in the end", async () => {
    const clock = manualClock();
    const line = wire();
    const reports: Report[] = [];
    let handled = 0;
    const transport: Transport = { ...line.transport, close: () => {} };
    const peer = connectPeer(
      transport,
      csms(acme, {
        Echo: ({ token }) => {
          handled += 1;
          return { token };
        },
        Boot: () => ({ status: "Accepted" }),
        Tick: () => {},
      }),
      { clock, report: (report) => reports.push(report) },
    );
    const ended = peer.close({ timeout: 1_000, abortHandlers: true });
    await clock.advance(10);
    line.receive('[2,"a","Echo",{"token":1}]');
    await clock.advance(10);
    line.hangUp();
    await ended;
    expect([handled, reports]).toEqual([1, []]);
    expect(clock.timers).toBe(0);
  });

  it("leaves handlers at work, unless it is told to abort them, and reports what it drops", async () => {
    const clock = manualClock();
    const line = wire();
    const reports: Report[] = [];
    const signals: AbortSignal[] = [];
    const peer = connectPeer(
      line.transport,
      csms(acme, {
        Echo: (_request, { signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
        Boot: () => ({ status: "Accepted" }),
        Tick: () => {},
      }),
      { clock, report: (report) => reports.push(report) },
    );
    line.receive('[2,"a","Echo",{"token":1}]');
    line.receive('[2,"b","Boot",{}]');
    const closed = peer.close({ timeout: 1_000 });
    await clock.advance(1_000);
    await closed;
    expect(peer.handling).toBe(2);
    expect(reports).toEqual([]);

    const ended = peer.close({ timeout: 500, abortHandlers: true });
    await clock.advance(499);
    expect(reports).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await clock.advance(1);
    await ended;
    await peer.finished;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    line.receive('[2,"c","Boot",{}]');
    expect(reports).toEqual([
      { type: "call-dropped", action: "Echo", messageId: "a", why: "aborted" },
      { type: "call-dropped", action: "Boot", messageId: "b", why: "aborted" },
      { type: "call-dropped", action: "Boot", messageId: "c", why: "aborted" },
    ]);
    expect(peer.handling).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it("does not wait longer than it was told", async () => {
    const clock = manualClock();
    const line = wire();
    const peer = connectPeer(line.transport, stationSide, { clock });
    const call = expect(peer.call("Boot", {})).rejects.toBeInstanceOf(ConnectionError);
    const closing = peer.close({ timeout: 5_000 });
    await clock.advance(5_000);
    expect((await closing).code).toBe(1000);
    await call;
    expect(clock.timers).toBe(0);
  });
});

describe("connectPeer", () => {
  it("refuses a transport of another version", () => {
    expect(() => connectPeer(wire("other").transport, stationSide)).toThrow(
      "The connection speaks other, the endpoint acme",
    );
  });

  it("hands the info of the connection to its handlers", async () => {
    const [a, b] = memoryPair("acme");
    const cs = connectPeer(a, stationSide);
    const { csms: tenantCsms } = withInfo<{ tenant: number }>();
    const endpoint = tenantCsms(
      acme,
      { Echo: (_request, { info, identity }) => ({ token: info.tenant + identity.length }) },
      { fallback: () => ({}) },
    );
    connectPeer(b, endpoint, { info: { tenant: 40 }, identity: "CS" });
    expect(await cs.call("Echo", { token: 1 })).toEqual({ token: 42 });
  });
});

describe("callbacks that return something odd", () => {
  it.each(oddResults)("harm nothing: %s", async (_name, odd) => {
    const [a, b] = memoryPair("acme");
    const loose = odd as () => never;
    const told: string[] = [];
    const report = (one: Report): never => {
      told.push(one.type);
      return loose();
    };
    const cs = connectPeer(a, stationSide, { report, frames: loose });
    const serving = csms(acme, {
      Boot: (_request, { afterResponse }) => {
        afterResponse(loose);
        return { status: "Accepted" };
      },
      Echo: loose,
      Tick: loose,
    });
    const sys = connectPeer(b, serving, { report, frames: loose });
    expect(await cs.call("Boot", {}, { sent: loose })).toEqual({ status: "Accepted" });
    // A handler answers with what it returns, or refuses; both are an end.
    await expect(cs.call("Echo", { token: 1 })).rejects.toMatchObject({ code: "InternalError" });
    cs.send("Tick", { at: 1 });
    expect(await cs.call("Boot", {})).toEqual({ status: "Accepted" });
    expect(await sys.call("Reset", { type: "Soft" })).toEqual({ status: "Accepted" });
    expect([cs.state, sys.state, sys.handling]).toEqual(["open", "open", 0]);
    expect(told.length).toBeGreaterThan(0);
    await cs.close();
    // Vitest fails the run for a rejection that nobody handles.
    await new Promise((resolve) => setImmediate(resolve));
  });
});
