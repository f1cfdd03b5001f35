import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be made to swallow everything, as a network does that is broken without telling. */
export interface StallingProxy {
  readonly port: number;
  /** How many connections there have been. */
  readonly connections: number;
  /** From now on nothing comes through, in either direction; connections stay open. */
  stall(): void;
  /** From now on nothing comes through on the connections that there are; those to come work. */
  freeze(): void;
  /** From now on everything comes through, what was held back first. */
  resume(): void;
  close(): void;
}

/** Opens a way to a port of this machine. */
export async function openStallingProxy(target: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let stalled = false;
  let connections = 0;
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on("data", (data) => to.write(data));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    if (stalled) from.pause();
  };
  const server = createServer((inbound) => {
    connections += 1;
    const outbound = connect(target, "127.0.0.1");
    join(inbound, outbound);
    join(outbound, inbound);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    freeze: () => {
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
