import { WebSocket } from "ws";

/** What a call was answered with. */
export type Answer = { readonly result: Record<string, unknown> } | { readonly error: string };

/** The connection went before the answer came: nobody knows whether the message was taken. */
export class LostError extends Error {
  override readonly name = "LostError";
}

/** One connection of a station. */
export interface Line {
  readonly open: boolean;
  /** Makes a call. Rejects with a LostError where the connection goes first, or where no answer comes in time. */
  ask(messageId: string, action: string, payload: object): Promise<Answer>;
  close(): void;
}

/** How long a station waits for an answer before it gives the connection up, in milliseconds. */
const patience = 15_000;

/** Connects. Rejects with a LostError where nobody listens or the handshake is refused. */
export function openLine(url: string, identity: string, protocol: string): Promise<Line> {
  const socket = new WebSocket(`${url}/${encodeURIComponent(identity)}`, [protocol], { handshakeTimeout: patience });
  const waiting = new Map<string, { resolve(answer: Answer): void; reject(error: LostError): void }>();

  const lose = (): void => {
    for (const call of waiting.values()) call.reject(new LostError("The connection went"));
    waiting.clear();
  };
  socket.on("close", lose);
  socket.on("message", (data: Buffer) => {
    const [type, id, third] = JSON.parse(data.toString()) as [number, string, never];
    if (type === 2) {
      // Whatever the CSMS asks for, this station knows nothing of it.
      socket.send(JSON.stringify([4, id, "NotImplemented", "", {}]));
      return;
    }
    const asked = waiting.get(id);
    waiting.delete(id);
    asked?.resolve(type === 3 ? { result: third } : { error: String(third) });
  });

  const line: Line = {
    get open() {
      return socket.readyState === WebSocket.OPEN;
    },
    ask: (messageId, action, payload) =>
      new Promise((resolve, reject) => {
        if (!line.open) {
          reject(new LostError("The connection is gone"));
          return;
        }
        const timer = setTimeout(() => socket.terminate(), patience);
        waiting.set(messageId, {
          resolve: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        socket.send(JSON.stringify([2, messageId, action, payload]));
      }),
    close: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(line));
    socket.on("error", (error) => reject(new LostError(error.message)));
  });
}
