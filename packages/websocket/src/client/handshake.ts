import type { Clock, Endpoint, Protocol, Side } from "@ocpp/core";
import { failedHandshake, watchRefusal } from "#platform";
import type { Settings } from "./connect-options.ts";
import { HandshakeError, subprotocolHandshake } from "./handshake-error.ts";
import { endSocket, openPlatformSocket, type PlatformSocket } from "./platform-socket.ts";
import type { Target } from "./target.ts";

/** Who learns how an attempt ended: exactly one of the two is called, once, unless the attempt is given up. */
export interface HandshakeListener {
  /** The connection is open and speaks the version of this endpoint. */
  opened(socket: PlatformSocket, endpoint: Endpoint<Protocol, Side>): void;
  failed(error: HandshakeError): void;
}

/** Makes one attempt to connect. Returns what gives it up. */
export function startHandshake(
  target: Target,
  { endpoints, ticket, ticketParameter = "ticket", handshakeTimeout = 30_000 }: Settings,
  clock: Clock,
  listener: HandshakeListener,
): () => void {
  let socket: PlatformSocket | undefined;
  let over = false;

  /** Whether this is the first end of the attempt. */
  const finish = (): boolean => {
    clock.clearTimer(timer);
    return !over && (over = true);
  };
  const giveUp = (): boolean => {
    if (!finish()) return false;
    if (socket !== undefined) endSocket(socket);
    return true;
  };
  const fail = (error: HandshakeError): void => {
    if (giveUp()) listener.failed(error);
  };
  const timer = clock.setTimer(() => {
    fail(new HandshakeError("timeout", `The server did not open the connection within ${handshakeTimeout} ms`));
  }, handshakeTimeout);

  const open = (href: string): void => {
    const opening = openPlatformSocket(href, target.protocols, target.socketOptions);
    socket = opening;
    // Stays for the life of the socket: an error without a listener would end the process. A close follows each error.
    opening.addEventListener("error", ({ error }) => {
      fail(failedHandshake(error));
    });
    opening.addEventListener("close", () => {
      fail(failedHandshake());
    });
    watchRefusal(opening, clock, fail);
    opening.addEventListener("open", () => {
      const endpoint = endpoints.find(({ protocol }) => protocol.subprotocol === opening.protocol);
      if (endpoint === undefined) fail(subprotocolHandshake());
      else if (finish()) listener.opened(opening, endpoint);
    });
  };
  const run = async (): Promise<void> => {
    const url = new URL(target.url);
    if (ticket !== undefined) {
      try {
        url.searchParams.set(ticketParameter, typeof ticket === "string" ? ticket : await ticket());
      } catch (cause) {
        fail(new HandshakeError("ticket", "There is no ticket to connect with", { cause }));
      }
    }
    if (!over) open(url.href);
  };
  run().catch((error: unknown) => {
    fail(failedHandshake(error));
  });
  return giveUp;
}
