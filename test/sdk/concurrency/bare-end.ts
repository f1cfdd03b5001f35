import type { Transport } from "@ocpp/core";

/** One end of a connection without a peer: a test writes frames by hand and reads what comes back. */
export interface BareEnd {
  /** The frames that arrived, parsed. */
  readonly received: unknown[][];
  /** The code with which the connection ended. */
  readonly closed: number | undefined;
  send(...elements: unknown[]): void;
  close(): void;
}

/** Starts a transport with nothing behind it. */
export function bareEnd(transport: Transport): BareEnd {
  const received: unknown[][] = [];
  let closed: number | undefined;
  transport.start({
    message: (text) => received.push(JSON.parse(text) as unknown[]),
    closed: (code) => {
      closed = code;
    },
  });
  return {
    received,
    get closed() {
      return closed;
    },
    send: (...elements) => {
      transport.send(JSON.stringify(elements));
    },
    close: () => {
      transport.close(1001);
    },
  };
}
