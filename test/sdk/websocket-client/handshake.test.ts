import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { manualClock } from "@ocpp/core";
import { type ConnectOptions, connect, HandshakeError } from "@ocpp/websocket";
import { describe, expect, it } from "vitest";
import { station16, station201 } from "./stations.ts";
import { afterTest, failureBox, guardTests, listen, listenRaw, mailbox, openingResponse } from "./ws-server.ts";

guardTests();

/** Makes one attempt and gives the error that `ready` rejects with. */
const failureOf = async (url: string, options: ConnectOptions = {}): Promise<HandshakeError> => {
  const session = connect(url, [station201, station16], { identity: "CS001", reconnect: false, ...options });
  const error = await session.ready.catch((reason: unknown) => reason);
  await session.closed;
  expect(session.state).toBe("closed");
  if (!HandshakeError.is(error)) throw new Error(`unexpected ${String(error)}`);
  return error;
};

const refuse = (status: string, headers = ""): Promise<string> =>
  listenRaw((_request, socket) => {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 4\r\n\r\nbody`);
  });

describe("a failed attempt", () => {
  it("tells the HTTP statuses apart", async () => {
    for (const [line, status] of [
      ["401 Unauthorized", 401],
      ["403 Forbidden", 403],
      ["404 Not Found", 404],
      ["500 Oops", 500],
      ["302 Found", 302],
      ["200 OK", 200],
    ] as const) {
      const error = await failureOf(await refuse(line), { password: "hunter2" });
      expect(error).toMatchObject({ code: "refused", status });
    }
  });

  it("tells a server that is not there", async () => {
    const { close, url } = await listen();
    await close();
    expect(await failureOf(url)).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("tells a server that speaks no HTTP, or hangs up", async () => {
    const answers = ["SSH-2.0-OpenSSH_9.2\r\n\r\n"];
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end(answers.shift() ?? "");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    afterTest(() => {
      server.close();
    });
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await failureOf(url)).code).toBe("unreachable");
    expect((await failureOf(url)).code).toBe("unreachable");
  });

  it("tells a server that agrees to no version, or to one that was not offered (OCPP-J 2.0.1 §3.2)", async () => {
    for (const subprotocol of [undefined, "ocpp1.5"]) {
      const url = await listenRaw((request, socket) => {
        socket.write(openingResponse(request, subprotocol));
      });
      expect((await failureOf(url)).code).toBe("subprotocol");
    }
  });

  it("tells a broken handshake", async () => {
    const url = await listenRaw((request, socket) => {
      socket.write(openingResponse(request, "ocpp1.6").replace(/Accept: .+/, "Accept: wrong"));
    });
    expect((await failureOf(url)).code).toBe("unreachable");
  });

  it("gives up on a server that does not answer, and frees the socket", async () => {
    const clock = manualClock();
    const opened = mailbox<undefined>();
    const ended = mailbox<undefined>();
    const url = await listenRaw((_request, socket) => {
      socket.on("close", () => {
        ended.put(undefined);
      });
      opened.put(undefined);
    });
    const failure = failureOf(url, { clock, handshakeTimeout: 7_000 });
    await opened.next();
    await clock.advance(7_000);
    expect(await failure).toMatchObject({ code: "timeout" });
    await ended.next();
    expect(clock.timers).toBe(0);
  });

  it("never shows credentials", async () => {
    const shown: unknown[] = [];
    const collect = (error: unknown): void => {
      for (let each = error; each instanceof Error; each = each.cause) {
        shown.push(String(each), each.stack, JSON.stringify(each, Object.getOwnPropertyNames(each)));
      }
    };
    const { close, url } = await listen();
    const refused = await refuse("401 Unauthorized");
    await close();
    for (const target of [url, refused]) {
      collect(await failureOf(target, { password: "hunter2" }));
      collect(await failureOf(target.replace("//", "//u:hunter2@")));
      collect(await failureOf(target, { ticket: "hunter2" }));
      collect(await failureOf(target, { headers: { Authorization: "Bearer hunter2\n" } }));
    }
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.join("\n")).not.toContain("hunter2");
    expect(shown.join("\n")).not.toContain(Buffer.from("CS001:hunter2").toString("base64").slice(8));
  });
});

describe("Retry-After", () => {
  it("is obeyed where it is longer than the back-off, up to an hour", async () => {
    const { onFailure, next } = failureBox();
    const reconnect = { waitMinimum: 1_000, randomRange: 0 };
    for (const [header, retryIn] of [
      ["600", 600_000],
      ["99999", 3_600_000],
      ["1", 1_000],
    ] as const) {
      const clock = manualClock();
      const url = await refuse("429 Too Many Requests", `Retry-After: ${header}\r\n`);
      const session = connect(url, [station201], { identity: "CS001", clock, reconnect, onFailure });
      expect(await next()).toMatchObject({ retryIn, error: { status: 429 } });
      await session.close();
      expect(clock.timers).toBe(0);
    }
  });
});
