import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OcppError } from "@ocpp/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { anyEvent } from "../events/any-event.fixture.ts";
import { createBench } from "../jobs/background.fixture.ts";
import type { StationMessage } from "../shared/message-hooks.ts";
import { databases } from "../store/store.fixture.ts";
import { createMessageHooks } from "./message-hooks.ts";
import { definePlugin, type PluginDefinition, type PluginHost } from "./plugin.ts";
import { PluginError } from "./plugin-error.ts";
import { createPluginHost } from "./plugin-host.ts";

const [sqlite] = databases;
if (sqlite === undefined) throw new Error("There is no database to test on");

const message = (over: Partial<StationMessage> = {}): StationMessage => ({
  stationId: "CS 1",
  protocol: "ocpp1.6",
  action: "Authorize",
  messageId: "m",
  request: { idTag: "T" },
  ...over,
});
const accepted = { idTagInfo: { status: "Accepted" } } as const;

describe("plug-ins", () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
    await sqlite.remove();
  });

  const start = async (...definitions: PluginDefinition[]) => {
    await sqlite.remove();
    const bench = await createBench(sqlite);
    const hooks = createMessageHooks(bench.clock, bench.services.log);
    const services = { ...bench.services, hooks };
    const set = createPluginHost(services, hooks);
    ending.push(() => set.stop().finally(() => set.close()));
    await set.start([], definitions);
    const errors = () => bench.services.log.lines.filter(({ level }) => level === "error");
    return { ...bench, services, hooks, set, errors };
  };

  /** The answer of `before`, while time passes. */
  const verdictOf = async ({ hooks, clock }: Awaited<ReturnType<typeof start>>, asked: StationMessage = message()) => {
    const verdict = hooks.before(asked);
    await clock.advance(10_000);
    return verdict;
  };

  it("are stopped within a time, the last first, each with its share, and those that hang are named", async () => {
    const order: string[] = [];
    const plugin = (name: string, stop: () => Promise<void> | void): PluginDefinition =>
      definePlugin({
        name,
        setup: () => ({
          stop: () => {
            order.push(name);
            return stop();
          },
        }),
      });
    const hang = (): Promise<void> => new Promise(() => {});
    const { set, clock } = await start(
      plugin("a", () => {}),
      plugin("b", hang),
      plugin("c", hang),
      plugin("d", () => {}),
    );
    const stopping = set.stop(3_000);
    await clock.advance(1_000);
    expect(order).toEqual(["d", "c", "b"]);
    await clock.advance(1_000);
    expect(await stopping).toEqual(["c", "b"]);
    expect(order).toEqual(["d", "c", "b", "a"]);
  });

  it("cost nothing where they take no part", async () => {
    const { hooks } = await start(
      definePlugin({
        name: "one",
        setup: () => ({ on16: { Authorize: () => accepted }, after21: { Heartbeat: () => {} } }),
      }),
    );
    const wanted = (["ocpp1.6", "ocpp2.0.1", "ocpp2.1"] as const).flatMap((protocol) =>
      ["Authorize", "Heartbeat"]
        .filter((action) => hooks.wanted(protocol, action))
        .map((action) => `${protocol} ${action}`),
    );
    expect(wanted).toEqual(["ocpp1.6 Authorize", "ocpp2.1 Heartbeat"]);
    expect(hooks.wanted("ocpp1.6", "constructor")).toBe(false);
  });

  it("are blamed for an answer that is not JSON, and the message goes on", async () => {
    const odd = { status: "Accepted", customData: { vendorId: "x", again: 1n } };
    const made = await start(
      definePlugin({ name: "odd", setup: () => ({ on201: { DataTransfer: () => odd as never } }) }),
    );
    const asked = message({ protocol: "ocpp2.0.1", action: "DataTransfer", request: { vendorId: "x" } });
    expect(await verdictOf(made, asked)).toBeUndefined();
    expect(made.errors()).toHaveLength(1);
  });

  it("are asked in order: the first that answers or refuses has the say", async () => {
    const asked: string[] = [];
    const made = await start(
      definePlugin({ name: "first", setup: () => ({ on16: { Authorize: () => void asked.push("first") } }) }),
      definePlugin({
        name: "second",
        setup: () => ({
          on16: {
            Authorize: async ({ idTag }) => {
              asked.push("second");
              await Promise.resolve();
              if (idTag === "bad") throw new OcppError("SecurityError", "not here");
              return idTag === "T" ? accepted : undefined;
            },
          },
        }),
      }),
      definePlugin({ name: "third", setup: () => ({ on16: { Authorize: () => void asked.push("third") } }) }),
    );
    expect(await verdictOf(made)).toEqual({ answer: accepted });
    expect(await verdictOf(made, message({ request: { idTag: "bad" } }))).toMatchObject({
      veto: { code: "SecurityError" },
    });
    expect(asked).toEqual(["first", "second", "first", "second"]);
    expect(await verdictOf(made, message({ request: { idTag: "other" } }))).toBeUndefined();
    expect(asked.slice(4)).toEqual(["first", "second", "third"]);
    expect(made.errors()).toEqual([]);
  });

  it("harm nobody by throwing, hanging, answering nonsense, or changing the request", async () => {
    const seen: unknown[] = [];
    const late: boolean[] = [];
    const made = await start(
      definePlugin({
        name: "throws",
        setup: () => ({
          on16: {
            Authorize: (request) => {
              request.idTag = "changed";
              throw new Error("broken");
            },
          },
        }),
      }),
      definePlugin({
        name: "hangs",
        deadline: 1_000,
        setup: (host) => ({
          on16: {
            Authorize: (_request, { signal }) =>
              new Promise((_resolve, reject) => {
                signal.addEventListener("abort", () => late.push(true));
                host.once(5_000, () => reject(new Error("too late for anybody to care")));
              }),
          },
        }),
      }),
      { name: "nonsense", setup: () => ({ on16: { Authorize: () => ({ idTagInfo: { status: "Maybe" } }) as never } }) },
      definePlugin({
        name: "last",
        setup: () => ({
          on16: {
            Authorize: (request) => {
              seen.push(request);
              return accepted;
            },
          },
        }),
      }),
    );
    expect(await verdictOf(made)).toEqual({ answer: accepted });
    expect([seen, late]).toEqual([[{ idTag: "T" }], [true]]);
    expect(made.errors().map(({ fields }) => Reflect.get(fields, "plugin"))).toEqual(["throws", "hangs", "nonsense"]);
    expect(JSON.stringify(made.errors())).not.toContain("Maybe");
  });

  it("are left out for a minute after failing five times in a row", async () => {
    let calls = 0;
    const made = await start(
      definePlugin({
        name: "broken",
        setup: () => ({
          on16: {
            Authorize: () => {
              calls += 1;
              throw new Error("broken");
            },
          },
        }),
      }),
    );
    for (let count = 0; count < 8; count += 1) expect(await made.hooks.before(message())).toBeUndefined();
    expect(calls).toBe(5);
    expect(made.errors().at(-1)?.text).toContain("left out");
    await made.clock.advance(60_000);
    await made.hooks.before(message());
    await made.hooks.before(message());
    expect(calls).toBe(6);
  });

  it("are told of answers, whoever gave them, and never hold them up", async () => {
    const told: unknown[] = [];
    const made = await start(
      definePlugin({ name: "hangs", setup: () => ({ after16: { Authorize: () => new Promise<void>(() => {}) } }) }),
      definePlugin({
        name: "throws",
        setup: () => ({
          after16: {
            Authorize: () => {
              throw new Error("broken");
            },
          },
        }),
      }),
      definePlugin({
        name: "listens",
        setup: () => ({
          after16: {
            Authorize: (request, answer, { stationId }) =>
              void told.push([stationId, request.idTag, answer.idTagInfo.status]),
          },
        }),
      }),
    );
    made.hooks.after(message(), accepted);
    await made.clock.advance(10_000);
    expect(told).toEqual([["CS 1", "T", "Accepted"]]);
    expect(made.errors()).toHaveLength(2);
  });

  it("amend answers, each what those before it made of them, and the message is not theirs", async () => {
    const told: unknown[] = [];
    const made = await start(
      definePlugin({
        name: "cost",
        setup: () => ({
          amend201: {
            TransactionEvent: (request, answer) => {
              told.push([request.eventType, answer]);
              request.seqNo = 77;
              answer.totalCost = 99;
              return { totalCost: 4.2 };
            },
          },
        }),
      }),
      definePlugin({
        name: "greeting",
        setup: () => ({
          amend201: {
            TransactionEvent: async (request, answer, { stationId, protocol, messageId }) => {
              await Promise.resolve();
              told.push([request.seqNo, answer, stationId, protocol, messageId]);
              return { updatedPersonalMessage: { format: "UTF8", content: "Hello" }, customData: { vendorId: "x" } };
            },
            Heartbeat: () => undefined,
          },
        }),
      }),
    );
    const asked = message({
      protocol: "ocpp2.0.1",
      action: "TransactionEvent",
      request: { eventType: "Started", seqNo: 0 },
    });
    const own = { chargingPriority: 1 };
    expect(await verdictOf(made, asked)).toBeUndefined();
    const answer = await made.hooks.amend(asked, own);
    expect(answer).toEqual({
      chargingPriority: 1,
      totalCost: 4.2,
      updatedPersonalMessage: { format: "UTF8", content: "Hello" },
      customData: { vendorId: "x" },
    });
    expect(own).toEqual({ chargingPriority: 1 });
    expect(told).toEqual([
      ["Started", { chargingPriority: 1, totalCost: 99 }],
      [0, { chargingPriority: 1, totalCost: 4.2 }, "CS 1", "ocpp2.0.1", "m"],
    ]);
    const beat = message({ protocol: "ocpp2.0.1", action: "Heartbeat", request: {} });
    expect(await made.hooks.amend(beat, { currentTime: "2026-01-01T00:00:00Z" })).toEqual({
      currentTime: "2026-01-01T00:00:00Z",
    });
    expect(await made.hooks.amend(message(), accepted)).toBe(accepted);
    expect(made.errors()).toEqual([]);
  });

  it("harm no answer by amending it with what violates the schema, throwing, refusing or hanging", async () => {
    const amending = (name: string, amend: () => unknown): PluginDefinition =>
      definePlugin({ name, deadline: 1_000, setup: () => ({ amend16: { Authorize: amend as () => undefined } }) });
    const made = await start(
      amending("status", () => ({ idTagInfo: { status: "Maybe" } })),
      amending("field", () => ({ personalMessage: "1.6 has none" })),
      amending("json", () => ({ idTagInfo: 1n })),
      amending("text", () => "Accepted"),
      amending("throws", () => {
        throw new Error("broken");
      }),
      amending("refuses", () => {
        throw new OcppError("SecurityError", "too late");
      }),
      amending("hangs", () => new Promise(() => {})),
      amending("nothing", () => ({ idTagInfo: undefined })),
      amending("last", () => ({ idTagInfo: { status: "Accepted", parentIdTag: "P" } })),
    );
    const amended = made.hooks.amend(message(), accepted);
    await made.clock.advance(1_000);
    expect(await amended).toEqual({ idTagInfo: { status: "Accepted", parentIdTag: "P" } });
    expect(made.errors().map(({ fields }) => Reflect.get(fields, "plugin"))).toEqual([
      "status",
      "field",
      "json",
      "text",
      "throws",
      "refuses",
      "hangs",
    ]);
    expect(JSON.stringify(made.errors())).not.toContain("Maybe");
  });

  it("send to stations, and learn how commands and connections fare", async () => {
    const told: string[] = [];
    let host: PluginHost | undefined;
    const made = await start(
      definePlugin({
        name: "active",
        setup: (given) => {
          host = given;
          return {
            onConnect: (stationId) => void told.push(`${stationId} connected`),
            onOnline: (stationId) => void told.push(`${stationId} online`),
            onDisconnect: (stationId) => void told.push(`${stationId} disconnected`),
            onOffline: (stationId) => void told.push(`${stationId} offline`),
            events: {
              "command.completed": ({ data }) =>
                void told.push(`completed ${String(Reflect.get(Object(data), "action"))}`),
              "command.failed": ({ data }) => void told.push(`failed ${String(Reflect.get(Object(data), "action"))}`),
            },
          };
        },
      }),
    );
    await made.connect("A");
    expect(host?.connected("A")).toBe("ocpp2.0.1");
    expect(await host?.call("A", "ClearCache", {})).toMatchObject({
      state: "completed",
      result: { status: "Accepted" },
    });
    expect(await host?.operations.triggerMessage("A", "Heartbeat", "active")).toMatchObject({ accepted: true });
    await made.disconnect("A");
    expect(await host?.call("A", "ClearCache", {})).toMatchObject({ state: "error", code: "NotConnected" });
    await made.clock.settle();
    expect(told).toEqual([
      "A connected",
      "A online",
      "completed ClearCache",
      "A disconnected",
      "A offline",
      "failed ClearCache",
    ]);
    const command = await made.services.store.reader.selectFrom("commands").select("requested_by").executeTakeFirst();
    expect(command?.requested_by).toBe("active");
  });

  it("answer the DataTransfers of vendors, and one that fails is answered Rejected", async () => {
    const made = await start(
      definePlugin({
        name: "acme",
        setup: () => ({
          dataTransfers: [
            { vendorId: "acme", messageId: "echo", answer: ({ data }) => ({ status: "Accepted", data }) },
            {
              vendorId: "acme",
              messageId: "fail",
              answer: () => {
                throw new Error("broken");
              },
            },
          ],
        }),
      }),
    );
    const transfer = (messageId: string) =>
      made.services.dataTransfers.receive({ stationId: "A", vendorId: "acme", messageId, data: "x" });
    expect(await transfer("echo")).toEqual({ status: "Accepted", data: "x" });
    expect(await transfer("fail")).toMatchObject({ status: "Rejected" });
    await made.set.stop();
    expect(await transfer("echo")).toMatchObject({ status: "UnknownVendorId" });
  });

  it("run work on a timer that stops with them, and is never run twice at once", async () => {
    const ran: string[] = [];
    let begun = 0;
    const made = await start(
      definePlugin({
        name: "clockwork",
        setup: (host) => ({
          start: () => {
            host.every(1_000, async () => {
              begun += 1;
              if (begun === 2) await new Promise((resolve) => void host.once(1_500, () => resolve(undefined)));
              if (begun === 3) throw new Error("broken");
              ran.push(`every ${begun}`);
            });
            host.once(500, () => void ran.push("once"));
            host.once(100, () => void ran.push("taken back"))();
          },
          stop: () => void ran.push("stopped"),
        }),
      }),
    );
    await made.clock.advance(6_000);
    expect(ran).toEqual(["once", "every 1", "every 2", "every 4"]);
    await made.set.stop();
    await made.clock.advance(60_000);
    expect(ran.at(-1)).toBe("stopped");
    expect(ran).toHaveLength(5);
    expect(made.clock.timers).toBe(0);
    expect(made.hooks.wanted("ocpp1.6", "Authorize")).toBe(false);
  });

  it("get their events until they are stopped, or say they have had enough", async () => {
    const told: string[] = [];
    const made = await start(
      definePlugin({
        name: "subscriber",
        setup: (host) => {
          const enough = host.subscribe({ kinds: ["meter"] }, ({ kind }) => {
            told.push(kind);
            enough();
          });
          host.subscribe({ stations: ["A"] }, ({ kind }) => void told.push(`A ${kind}`));
          return {};
        },
      }),
    );
    const happen = async (stationId: string): Promise<void> => {
      await made.services.events.commit([], [anyEvent(stationId, "meter.values", {})]);
      await made.clock.settle();
    };
    await happen("B");
    await happen("B");
    await happen("A");
    await made.set.stop();
    await happen("A");
    expect(told).toEqual(["meter.values", "A meter.values"]);
  });

  it("are left out where they do not start, and the others take part", async () => {
    const bench = await createBench(sqlite);
    const hooks = createMessageHooks(bench.clock, bench.services.log);
    const set = createPluginHost({ ...bench.services, hooks }, hooks);
    let stopped = 0;
    const bad = definePlugin({
      name: "bad",
      setup: () => ({
        on16: { Authorize: () => accepted },
        start: () => new Promise<void>(() => {}),
        stop: () => void (stopped += 1),
      }),
    });
    const good = definePlugin({ name: "good", setup: () => ({ on16: { Heartbeat: () => undefined } }) });
    const started = set.start([], [bad, good]);
    await vi.waitFor(() => expect(bench.clock.timers).toBe(1));
    await bench.clock.advance(5_000);
    await started;
    expect(set.names).toEqual(["good"]);
    expect([hooks.wanted("ocpp1.6", "Authorize"), hooks.wanted("ocpp1.6", "Heartbeat"), stopped]).toEqual([
      false,
      true,
      1,
    ]);
    await set.stop();
    set.close();
    expect([set.names, stopped, bench.clock.timers]).toEqual([[], 1, 0]);
  });

  it("cannot be of one name, throw in setup, or return nothing", async () => {
    const refused = async (...definitions: PluginDefinition[]): Promise<string> => {
      const failure: unknown = await start(...definitions).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PluginError);
      return String(failure);
    };
    const one = definePlugin({ name: "one", setup: () => ({}) });
    expect(await refused(one, one)).toContain("two plug-ins of the name one");
    const throws: PluginDefinition = {
      name: "throws",
      setup: () => {
        throw new Error("options.site: must be a text");
      },
    };
    expect(await refused(throws)).toContain("The plug-in throws cannot be set up: options.site: must be a text");
    expect(await refused({ name: "none", setup: () => undefined as never })).toContain("returned no hooks");
  });

  describe("from modules", () => {
    const folder = (): string => {
      const made = mkdtempSync(join(tmpdir(), "ocpp-plugins-"));
      ending.push(() => Promise.resolve(rmSync(made, { recursive: true, force: true })));
      return made;
    };
    const load = async (at: string, module: string, options?: unknown) => {
      await sqlite.remove();
      const bench = await createBench(sqlite);
      const hooks = createMessageHooks(bench.clock, bench.services.log);
      const set = createPluginHost({ ...bench.services, hooks }, hooks);
      ending.push(() => set.stop().finally(() => set.close()));
      await set.start([{ module, options }], [], at);
      return { names: set.names, lines: bench.services.log.lines };
    };
    const source = (name: string): string =>
      `{ name: "${name}", setup: (host) => { host.log.info({ options: host.options }, "set up"); return {}; } }`;

    it("are found by path, and as packages beside the configuration; they get their options", async () => {
      const at = folder();
      writeFileSync(join(at, "own.mjs"), `export const plugin = ${source("own")};`);
      writeFileSync(join(at, "other.mjs"), `export default ${source("other")};`);
      mkdirSync(join(at, "node_modules/acme-plugin"), { recursive: true });
      writeFileSync(join(at, "node_modules/acme-plugin/index.cjs"), `exports.plugin = ${source("acme")};`);
      writeFileSync(
        join(at, "node_modules/acme-plugin/package.json"),
        JSON.stringify({ name: "acme-plugin", exports: "./index.cjs" }),
      );
      const own = await load(at, "./own.mjs", { site: 3 });
      expect(own.names).toEqual(["own"]);
      expect(own.lines).toContainEqual({
        level: "info",
        fields: { plugin: "own", options: { site: 3 } },
        text: "set up",
      });
      expect((await load(at, join(at, "other.mjs"))).names).toEqual(["other"]);
      expect((await load(at, "acme-plugin")).names).toEqual(["acme"]);
    });

    it("that cannot be loaded are refused with the place in the configuration", async () => {
      const at = folder();
      writeFileSync(join(at, "none.mjs"), "export const plugin = 3;");
      writeFileSync(join(at, "broken.mjs"), "throw new Error('half done');");
      await expect(load(at, "./none.mjs")).rejects.toThrow("plugins[0] (./none.mjs): the module exports no plug-in");
      await expect(load(at, "./broken.mjs")).rejects.toThrow(
        "plugins[0] (./broken.mjs): the module cannot be loaded: half done",
      );
      await expect(load(at, "./missing.mjs")).rejects.toThrow(PluginError);
      await expect(load(at, "no-such-package-anywhere")).rejects.toThrow("no-such-package-anywhere");
    });
  });
});
