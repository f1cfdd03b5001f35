import { expect, test } from "vitest";
import { interruptible } from "./interruption.ts";
import { keptTerminal } from "./terminal.fixture.ts";

const never = (): Promise<never> => new Promise(() => {});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("work that a signal interrupts is undone, and the process ends by the signal", async () => {
  const terminal = keptTerminal("/");
  const undone: string[] = [];
  void interruptible(terminal, ({ undo }) => {
    undo(() => {
      throw new Error("no");
    });
    undo(() => undone.push("file"));
    return never();
  });
  expect(terminal.raised).toEqual([]);
  terminal.send("SIGTERM");
  await turn();
  expect([undone, terminal.raised]).toEqual([["file"], ["SIGTERM"]]);
});

test("a signal waits for work that must not be done by half, and undoes nothing of it", async () => {
  const terminal = keptTerminal("/");
  const undone: string[] = [];
  let finish = (): void => {};
  const work = interruptible(terminal, async ({ undo, hold }) => {
    undo(() => undone.push("file"));
    hold();
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return "done";
  });
  terminal.send("SIGINT");
  await turn();
  expect(terminal.raised).toEqual([]);
  finish();
  expect(await work).toBe("done");
  await turn();
  expect([undone, terminal.raised]).toEqual([[], ["SIGINT"]]);
});
