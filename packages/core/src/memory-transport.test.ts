import { describe, expect, it } from "vitest";
import { manualClock } from "./manual-clock.ts";
import { type Fault, memoryNetwork, memoryPair } from "./memory-transport.ts";
import type { Sink, Transport } from "./transport.ts";

function listen(transport: Transport): string[] {
  const log: string[] = [];
  const sink: Sink = {
    message: (text) => log.push(text),
    closed: (code, reason) => log.push(`closed ${code} ${reason}`),
  };
  transport.start(sink);
  return log;
}

describe("a memory pair", () => {
  const settle = (): Promise<void> => manualClock().settle();

  it("keeps what arrives before it is started", async () => {
    const [a, b] = memoryPair("x");
    a.send("1");
    a.send("2");
    await settle();
    const log = listen(b);
    expect(log).toEqual([]);
    a.close(1001, "bye");
    await settle();
    expect(log).toEqual(["1", "2", "closed 1001 bye"]);
    expect(() => b.send("3")).toThrow("closed");
  });

  it("is started once", () => {
    const [a] = memoryPair("x");
    listen(a);
    expect(() => listen(a)).toThrow("started already");
  });

  it("loses, doubles, delays and cuts on request", async () => {
    const clock = manualClock();
    const faults: Fault[] = ["drop", "duplicate", { delay: 100 }, "deliver", "cut", "deliver"];
    const [a, b] = memoryPair("x", { clock, fault: ({ index }) => faults[index] ?? "deliver" });
    const logs = [listen(a), listen(b)];
    for (const text of ["1", "2", "3", "4"]) a.send(text);
    await clock.advance(100);
    expect(logs[1]).toEqual(["2", "2", "4", "3"]);
    a.send("5");
    await settle();
    expect(logs[1]?.at(-1)).toBe("closed 1006 ");
    expect(logs[0]).toEqual(["closed 1006 "]);
  });

  it("holds a frame back until the next connection", async () => {
    const network = memoryNetwork({ fault: ({ text }) => (text === "late" ? "hold" : "deliver") });
    const [a] = network.connect("x");
    a.send("late");
    a.close();
    const [, b] = network.connect("x");
    const log = listen(b);
    await settle();
    expect(log).toEqual(["late"]);
  });
});
