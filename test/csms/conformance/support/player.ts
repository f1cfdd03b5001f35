import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";

/** A call of the CSMS that arrived at a played station. */
export interface ReceivedCall {
  readonly id: string;
  readonly action: string;
  readonly payload: Record<string, unknown>;
}

/** The answer to a call: the payload of a CALLRESULT, or the code of a CALLERROR. */
export type Answer =
  | { readonly result: Record<string, unknown> }
  | { readonly error: string; readonly description: string };

/** How a played station connects. */
export interface PlayerOptions {
  readonly url: string;
  readonly identity: string;
  readonly protocol?: "ocpp1.6" | "ocpp2.0.1" | "ocpp2.1";
  readonly username?: string;
  readonly password?: string;
  /** More options of `ws`, such as certificates. */
  readonly socket?: object;
}

/** A station that says and answers what a test tells it to, over a real WebSocket, frame by frame. */
export interface Player {
  readonly identity: string;
  /** Whether the connection is open. */
  readonly open: boolean;
  /** Makes a call and waits for its answer. */
  ask(action: string, payload: object, messageId?: string): Promise<Answer>;
  /** Makes a call that must succeed, and gives its payload. */
  say(action: string, payload: object): Promise<Record<string, unknown>>;
  /** Sends any text. */
  frame(text: string): void;
  /**
   * Waits for the next call of the CSMS of that action, and answers it; calls of other actions that come before are kept
   * for later. Rejects where none comes within the time, in milliseconds.
   */
  expect(action: string, answer: object, options?: { readonly within?: number }): Promise<ReceivedCall>;
  /** Waits for a call without answering it. */
  expectUnanswered(action: string): Promise<ReceivedCall>;
  /** Answers a call that was left unanswered: with a result, or with a CALLERROR. */
  answer(call: ReceivedCall, answer: object): void;
  refuse(call: ReceivedCall, code: string, description?: string): void;
  /** The calls that arrived and that nobody has waited for. */
  readonly waiting: readonly ReceivedCall[];
  close(): Promise<void>;
}

/** A handshake that was refused, with the HTTP status. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The CSMS refused the connection with ${status}`);
    this.status = status;
  }
}

const answerTime = 10_000;

/** Resolves like the promise, or rejects with the text after so many milliseconds. */
async function within<T>(promise: Promise<T>, milliseconds: number, text: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(text));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Connects a played station. Rejects with a RefusedError where the CSMS answers the handshake with an HTTP status. */
export async function play(options: PlayerOptions): Promise<Player> {
  const { identity, protocol = "ocpp2.0.1", username = identity, password } = options;
  const socket = new WebSocket(`${options.url}/${encodeURIComponent(identity)}`, [protocol], {
    ...options.socket,
    ...(password === undefined
      ? {}
      : { headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` } }),
  });
  const answers = new Map<string, (answer: Answer) => void>();
  const arrived: ReceivedCall[] = [];
  const looking = new Set<() => void>();

  socket.on("message", (data: Buffer) => {
    const [type, id, third, fourth] = JSON.parse(data.toString()) as [number, string, never, never];
    if (type === 2) {
      arrived.push({ id, action: third, payload: fourth });
      for (const look of looking) look();
    } else {
      answers.get(id)?.(type === 3 ? { result: third } : { error: third, description: fourth });
      answers.delete(id);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("unexpected-response", (_request, response) => {
      reject(new RefusedError(response.statusCode ?? 0));
      socket.terminate();
    });
    socket.once("error", reject);
  });

  const next = (action: string, time: number): Promise<ReceivedCall> => {
    let look: () => void = () => {};
    const found = new Promise<ReceivedCall>((resolve) => {
      look = () => {
        const index = arrived.findIndex((call) => call.action === action);
        const [call] = index < 0 ? [] : arrived.splice(index, 1);
        if (call !== undefined) {
          looking.delete(look);
          resolve(call);
        }
      };
      looking.add(look);
      look();
    });
    return within(found, time, `The CSMS sent no ${action} to ${identity} within ${time} ms`).finally(() => {
      looking.delete(look);
    });
  };

  const player: Player = {
    identity,
    get open() {
      return socket.readyState === WebSocket.OPEN;
    },
    ask: (action, payload, messageId = randomUUID()) => {
      const answered = new Promise<Answer>((resolve) => {
        answers.set(messageId, resolve);
      });
      socket.send(JSON.stringify([2, messageId, action, payload]));
      return within(answered, answerTime, `The CSMS did not answer the ${action} of ${identity}`);
    },
    say: async (action, payload) => {
      const answer = await player.ask(action, payload);
      if ("error" in answer) throw new Error(`${action} was answered ${answer.error}: ${answer.description}`);
      return answer.result;
    },
    frame: (text) => {
      socket.send(text);
    },
    expect: async (action, answer, { within: time = answerTime } = {}) => {
      const call = await next(action, time);
      player.answer(call, answer);
      return call;
    },
    expectUnanswered: (action) => next(action, answerTime),
    answer: ({ id }, answer) => {
      socket.send(JSON.stringify([3, id, answer]));
    },
    refuse: ({ id }, code, description = "") => {
      socket.send(JSON.stringify([4, id, code, description, {}]));
    },
    get waiting() {
      return arrived;
    },
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, "close");
      socket.close(1000);
      await within(closed, 5_000, `The connection of ${identity} did not close`);
    },
  };
  return player;
}
