import { expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";

it("knows the hosts of this machine", () => {
  for (const host of [
    "localhost",
    "LOCALHOST",
    "a.localhost",
    "127.0.0.1",
    "127.1.2.3",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
  ]) {
    expect(isLoopback(host), host).toBe(true);
  }
  for (const host of [
    "0.0.0.0",
    "127.example.com",
    "::",
    "10.0.0.1",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "",
    "::2",
    "1270.0.0.1",
  ]) {
    expect(isLoopback(host), host).toBe(false);
  }
});
