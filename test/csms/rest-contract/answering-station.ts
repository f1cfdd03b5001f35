import { WebSocket } from "ws";
import { validDocument } from "../../sdk/oracle/document.ts";
import { type Draw, drawOf } from "../../sdk/oracle/draw.ts";
import { messagesOf, type Version } from "../../sdk/oracle/schema.ts";
import { type Shape, shapeOf } from "../../sdk/oracle/shape.ts";

/** A station that answers whatever it is asked: mostly with a response that the schema allows, now and then with an error. */
export interface AnsweringStation {
  /** Sends a message, and resolves with the response. */
  say(action: string, payload: object): Promise<Record<string, unknown>>;
  close(): void;
}

const subprotocols: Readonly<Record<Version, string>> = { "1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1" };

/** The shapes of a version's responses. */
export function responseShapes(version: Version): (action: string) => Shape | undefined {
  const schemas = new Map(messagesOf(version).map(({ name, schema }) => [name, schema]));
  const shapes = new Map<string, Shape>();
  return (action) => {
    const schema = schemas.get(`${action}Response`);
    if (schema === undefined) return undefined;
    const shape = shapes.get(action) ?? shapeOf(schema);
    shapes.set(action, shape);
    return shape;
  };
}

/** Connects a station. It comes back where the CSMS closes the connection, until it is closed from here. */
export async function answeringStation(options: {
  readonly url: string;
  readonly identity: string;
  readonly version: Version;
  readonly password?: string;
  readonly seed: number;
}): Promise<AnsweringStation> {
  const { url, identity, version, password, seed } = options;
  const draw: Draw = drawOf(seed);
  const shapeFor = responseShapes(version);
  const waiting = new Map<string, (frame: readonly unknown[]) => void>();
  let closed = false;
  let count = 0;
  let socket: WebSocket;
  let timer: NodeJS.Timeout | undefined;

  const answer = (id: string, action: string): void => {
    const shape = shapeFor(action);
    if (shape === undefined || draw.chance(0.05)) {
      socket.send(
        JSON.stringify([4, id, draw.pick(["NotSupported", "InternalError", "GenericError"]), "It will not", {}]),
      );
      return;
    }
    socket.send(JSON.stringify([3, id, validDocument(draw, shape)]));
  };
  const connect = (): WebSocket => {
    const authorization = `Basic ${Buffer.from(`${identity}:${password ?? ""}`).toString("base64")}`;
    const headers: Record<string, string> = password === undefined ? {} : { authorization };
    const made = new WebSocket(`${url}/${encodeURIComponent(identity)}`, [subprotocols[version]], { headers });
    made.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as [number, string, string];
      if (frame[0] === 2) answer(frame[1], frame[2]);
      else waiting.get(frame[1])?.(frame);
    });
    made.on("close", () => {
      if (!closed) timer = setTimeout(() => (socket = connect()), 50);
    });
    made.on("error", () => {});
    return made;
  };
  socket = connect();
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return {
    say: (action, payload) =>
      new Promise((resolve, reject) => {
        count += 1;
        const id = `m${count}`;
        waiting.set(id, ([type, , third]) => {
          waiting.delete(id);
          if (type === 3) resolve(third as Record<string, unknown>);
          else reject(new Error(`${action} was answered ${String(third)}`));
        });
        socket.send(JSON.stringify([2, id, action, payload]));
      }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket.terminate();
    },
  };
}
