import { type Context, csms } from "@ocpp/core";
import { afterEach } from "vitest";
import type { OcppServer } from "./ocpp-server.ts";
import { serve } from "./serve.ts";
import type { ServedPeer, ServeOptions } from "./serve-options.ts";
import { newer, older } from "./served.fixture.ts";
import type { ServerEvents } from "./server-events.ts";

type BootHandler = (request: { model?: string }, context: Context<typeof newer | typeof older, "csms">) => unknown;

/** The endpoints of the tests: both versions, with one handler for Boot. */
export function endpoints(boot: BootHandler = () => ({ status: "Accepted" })) {
  const fallback = (action: string, request: unknown, context: unknown): unknown =>
    action === "Boot" ? boot(request as object, context as never) : {};
  return [csms(newer, {}, { fallback }), csms(older, {}, { fallback })] as const;
}

type TestEndpoint = ReturnType<typeof endpoints>[number];
export type TestServer = OcppServer<ServedPeer<TestEndpoint, object | undefined>>;
type Options = Partial<ServeOptions<readonly TestEndpoint[], object | undefined>>;

const running = new Set<TestServer>();

afterEach(async () => {
  for (const server of running) {
    running.delete(server);
    for (const peer of server.peers) void peer.close({ timeout: 0 });
    await server.close({ timeout: 0 });
  }
});

/** Starts a server on a free port of the loopback; it is closed after the test. */
export async function testServer({ ...options }: Options = {}): Promise<TestServer> {
  const own = options.server === undefined ? { port: 0, host: "127.0.0.1" } : {};
  const server = (await serve({
    ...own,
    endpoints: endpoints(),
    ...options,
  } as ServeOptions<readonly TestEndpoint[], undefined>)) as unknown as TestServer;
  running.add(server);
  return server;
}

/** Lets nobody close a server that a test closes itself. */
export function closedByTest(server: TestServer): TestServer {
  running.delete(server);
  return server;
}

/** The next event of a kind. */
export function nextEvent<K extends keyof ServerEvents<unknown>>(
  server: TestServer,
  event: K,
): Promise<Parameters<Parameters<typeof server.on<K>>[1]>[0]> {
  return new Promise((resolve) => {
    const stop = server.on(event, (told) => {
      stop();
      resolve(told);
    });
  });
}
