import { type Clock, ConnectionError, type Sink, type Transport } from "@ocpp/core";
import { onFrame } from "#platform";
import { endSocket, type PlatformSocket } from "./platform-socket.ts";

/** Milliseconds that the other side has to answer a closing handshake. */
const closingTime = 5_000;

/** A transport over an open WebSocket of the platform. */
export interface SocketTransport extends Transport {
  /** Whether anything has arrived. */
  readonly received: boolean;
  /** Ends a connection that is dead already: the sink is told at once, with the code 1006. */
  drop(reason: string): void;
}

/**
 * Makes a transport of a socket, to be started in the same tick in which the socket opened, so that no frame comes too
 * early. A binary frame closes the connection with 1003, since OCPP-J knows text only (OCPP-J 2.0.1 §4.1.2).
 */
export function socketTransport(socket: PlatformSocket, clock: Clock): SocketTransport {
  let sink: Sink | undefined;
  let received = false;
  let binary = false;
  let timer: unknown;

  const end = (code: number, reason: string): void => {
    clock.clearTimer(timer);
    sink?.closed(code, reason);
    sink = undefined;
  };
  const drop = (reason: string): void => {
    end(1006, reason);
    endSocket(socket);
  };
  const close = (code = 1000, reason = ""): void => {
    if (timer !== undefined) return;
    timer = clock.setTimer(() => {
      drop("No closing handshake");
    }, closingTime);
    closeSocket(socket, code, reason);
  };

  return {
    subprotocol: socket.protocol,
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    get received() {
      return received;
    },
    start: (given) => {
      sink = given;
      onFrame(socket, (text) => {
        if (sink === undefined || binary) return;
        received = true;
        if (text === undefined) {
          binary = true;
          close(1003, "OCPP is text");
        } else sink.message(text);
      });
      socket.addEventListener("close", ({ code, reason }) => {
        end(code, reason);
      });
    },
    send: (text) => {
      if (socket.readyState !== 1) throw new ConnectionError("not-connected", "The WebSocket is not open");
      socket.send(text);
    },
    close,
    drop,
  };
}

/**
 * Closes with what the platform takes. A browser refuses the codes from 1001 to 2999, so 1003 becomes 4003 there; a reason
 * fits up to 123 bytes, and 41 characters always do (RFC 6455 §5.5).
 */
function closeSocket(socket: PlatformSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    socket.close(code > 1000 && code < 2000 ? code + 3000 : 1000, reason.slice(0, 41));
  }
}
