import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createTerminal } from "./process-terminal.ts";

/** A process that only takes signals, and tells how it ended. */
class SignalledProcess extends EventEmitter {
  readonly env = {};
  readonly stdout: EventEmitter = new EventEmitter();
  readonly stderr: EventEmitter = new EventEmitter();
  readonly exits: number[] = [];
  readonly cwd = (): string => "/w";
  exit(code: number): void {
    this.exits.push(code);
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
  expect(host.exits).toEqual([]);
  host.emit("SIGINT", "SIGINT");
  expect(host.exits).toEqual([130]);
  // A reader that has gone is no error.
  expect(host.stdout.emit("error", new Error("EPIPE"))).toBe(true);
});
