import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createTerminal } from "./process-terminal.ts";

/** A process that only takes signals, and tells how it ended. */
class SignalledProcess extends EventEmitter {
  readonly env = {};
  readonly stdout: EventEmitter = new EventEmitter();
  readonly stderr: EventEmitter = new EventEmitter();
  readonly pid = 77;
  readonly ends: unknown[] = [];
  readonly cwd = (): string => "/w";
  exit(code: number): void {
    this.ends.push(code);
  }
  abort(): void {
    this.ends.push("abort");
  }
  kill(pid: number, signal: string): void {
    this.ends.push([pid, signal, this.listenerCount(signal)]);
  }
}

test("whoever waits gets a signal; one that nobody waits for ends the process at once", async () => {
  const host = new SignalledProcess();
  const terminal = createTerminal(host as unknown as NodeJS.Process, "/opt");
  const first = terminal.signal();
  const second = terminal.signal();
  host.emit("SIGTERM", "SIGTERM");
  host.emit("SIGINT", "SIGINT");
  expect(await Promise.all([first, second])).toEqual(["SIGTERM", "SIGINT"]);
  expect(host.ends).toEqual([]);
  host.emit("SIGINT", "SIGINT");
  // By the signal, which nobody listens to any more; and by an exit where the system lets the signal do nothing.
  expect(host.ends).toEqual([[77, "SIGINT", 0], 130]);
  host.ends.length = 0;
  terminal.raise("SIGKILL");
  expect(host.ends).toEqual([[77, "SIGKILL", 0], "abort"]);
  // A reader that has gone is no error.
  expect(host.stdout.emit("error", new Error("EPIPE"))).toBe(true);
});
