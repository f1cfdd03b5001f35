import { connectPeer, csms, memoryPair, OcppError } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { bareEnd } from "./bare-end.ts";
import { perform } from "./chores.ts";
import { gossip, type Outcome } from "./gossip-protocol.ts";
import { ask, chore, serve } from "./served-handler.ts";

describe("what a handler returns or throws", () => {
  it.each(["refuse", "throw", "invalid", "never"] as const)("that %s have no task run", async (way) => {
    const events: string[] = [];
    const { clock, other } = serve((request, context) => {
      context.afterResponse(() => {
        events.push("task");
      });
      return perform(chore(request.token, 1, way), clock);
    });
    ask(other, "x");
    await clock.advance(60_000);
    expect(other.received).toHaveLength(1);
    expect(other.received[0]?.[0]).toBe(4);
    expect(events).toEqual([]);
  });

  it("say nothing about what they threw, and everything about what they refuse", async () => {
    const { clock, other, reports } = serve((request) => perform(request, clock));
    other.send(2, "a", "Gossip", chore("a", 0, "throw"));
    other.send(2, "b", "Gossip", chore("b", 3, "throw"));
    other.send(2, "c", "Gossip", chore("c", 0, "refuse"));
    other.send(2, "d", "Gossip", chore("d", 3, "invalid"));
    await clock.advance(100);
    expect(other.received.map(([type, id, code]) => [type, id, code])).toEqual([
      [4, "a", "InternalError"],
      [4, "b", "InternalError"],
      [4, "c", "SecurityError"],
      [4, "d", "InternalError"],
    ]);
    expect(JSON.stringify(other.received)).not.toContain("Secret");
    expect(reports.map(({ type }) => type)).toEqual(["handler-failed", "handler-failed", "violation"]);
  });

  it("have what they refuse with cut to 255 characters, and no character cut in half", async () => {
    const { clock, other } = serve((request) => {
      throw new OcppError("SecurityError", request.token.repeat(300));
    });
    other.send(2, "a", "Gossip", chore("d"));
    other.send(2, "b", "Gossip", chore("\u{1f600}"));
    await clock.settle();
    expect(other.received.map(([, , , description]) => description)).toEqual([
      "d".repeat(255),
      "\u{1f600}".repeat(127),
    ]);
  });

  it("never answer a send, whatever becomes of it", async () => {
    const { clock, other } = serve(
      (request) => perform(request, clock),
      { handlerLimit: 1, handlerTimeout: 50 },
      async (request) => {
        await perform(request, clock);
      },
    );
    for (const way of ["answer", "refuse", "throw", "never"] as const)
      for (const work of [0, 5, 100]) other.send(6, `s${way}${work}`, "Rumour", chore("s", work, way));
    other.send(6, "g", "Gossip", chore("g"));
    other.send(6, "u", "Unknown", chore("u"));
    other.send(6, "v", "Rumour", {});
    await clock.advance(10_000);
    expect(other.received).toEqual([]);
    ask(other, "alive");
    await clock.settle();
    expect(other.received).toEqual([[3, "alive", { token: "alive" }]]);
  });

  it("that call back do not hold up those that follow, and are answered themselves", async () => {
    const [near, far] = memoryPair("gossip");
    const handled: string[] = [];
    const here = connectPeer(
      near,
      csms(gossip, {
        Gossip: async (request, context) => {
          if (request.token.startsWith("back")) return { token: request.token };
          const back = await context.peer.call("Gossip", chore(`back ${request.token}`));
          handled.push(back.token);
          return { token: request.token };
        },
        Rumour: () => {},
      }),
    );
    const other = bareEnd(far);
    ask(other, "one", "two");
    await expect.poll(() => other.received.length).toBe(1);
    const [type, id, , payload] = other.received[0] ?? [];
    expect([type, payload]).toEqual([2, chore("back one")]);
    other.send(3, id, { token: "back one" });
    await expect.poll(() => other.received.length).toBe(3);
    expect(other.received.slice(1)).toContainEqual([3, "one", { token: "one" }]);
    const second = other.received.find(([type, id]) => type === 2 && id !== other.received[0]?.[1]);
    other.send(3, second?.[1], { token: "back two" });
    await expect.poll(() => other.received.length).toBe(4);
    expect(other.received.at(-1)).toEqual([3, "two", { token: "two" }]);
    expect(handled).toEqual(["back one", "back two"]);
    await here.close({ timeout: 0 });
  });

  it("survive whatever a program without types throws or returns", async () => {
    const thrown: unknown[] = [
      undefined,
      null,
      "text",
      Object.assign(new Error("no text of its own"), { name: "OcppError", code: "Bogus", description: "d" }),
      Object.assign(new Error("no text of its own"), { name: "OcppError", code: "constructor", description: 7 }),
      Object.assign(new Error("no text of its own"), { name: "OcppError", code: "NotSupported", description: null }),
      Object.assign(new OcppError("GenericError", "cyclic"), { details: null }),
      Object.assign(new OcppError("GenericError", "listed"), { details: ["no", "object"] }),
      new OcppError("GenericError", "big", { details: { big: 1n } }),
    ];
    const returned: unknown[] = [
      undefined,
      null,
      "text",
      1n,
      Symbol("s"),
      () => {},
      { token: 1n },
      { token: "t", big: 1n },
      Object.defineProperty({}, "token", {
        enumerable: true,
        get: () => {
          throw new Error("Secret of a getter");
        },
      }),
      {
        token: "t",
        toJSON: () => {
          throw new Error("Secret of toJSON");
        },
      },
      new Proxy(
        {},
        {
          get: (_target, key) => {
            if (key === "then") return undefined;
            throw new Error("Secret of a proxy");
          },
          has: () => true,
        },
      ),
    ];
    for (const later of [false, true]) {
      let turn = 0;
      const { clock, other } = serve((): Outcome | Promise<Outcome> => {
        const index = turn++;
        const act = (): Outcome => {
          if (index < thrown.length) throw thrown[index] as Error;
          return returned[index - thrown.length] as Outcome;
        };
        return later ? Promise.resolve().then(act) : act();
      });
      const count = thrown.length + returned.length;
      ask(other, ...Array.from({ length: count }, (_, index) => `c${index}`));
      await clock.settle();
      await clock.settle();
      expect(other.received.map(([type, id]) => [type, id])).toEqual(
        Array.from({ length: count }, (_, index) => [4, `c${index}`]),
      );
      for (const [, , code, description, details] of other.received) {
        expect(Object.hasOwn(gossip.errorCodes, String(code))).toBe(true);
        expect(description).toBeTypeOf("string");
        expect(details).toEqual({});
      }
      expect(JSON.stringify(other.received)).not.toContain("Secret");
    }
  });

  it("may queue in great numbers without using up the stack", async () => {
    const { clock, other } = serve((request) => perform({ ...request, work: request.token === "c0" ? 5 : 0 }, clock), {
      handlerLimit: 50_000,
    });
    const ids = Array.from({ length: 5_000 }, (_, index) => `c${index}`);
    ask(other, ...ids);
    for (let round = 0; round < 300; round += 1) await clock.settle();
    await clock.advance(5);
    for (let round = 0; round < 300; round += 1) await clock.settle();
    expect(other.received).toHaveLength(ids.length);
  });
});
