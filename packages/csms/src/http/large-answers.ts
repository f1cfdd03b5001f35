import { Readable } from "node:stream";
import type { Clock } from "@ocpp/core";
import type { FastifyInstance, FastifyReply } from "fastify";
import { ApiError } from "./api-error.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Sends answers that are too large to be held in memory. */
    largeAnswers: LargeAnswers;
  }
}

/** Sends answers that are made while they are sent. */
export interface LargeAnswers {
  /**
   * Sends pieces of JSON, each made when the client has taken those before. Waits while many such answers are under way;
   * rejects with a 503 where that takes too long. Cuts off a client that takes nothing for long, or takes too long in all.
   */
  send(reply: FastifyReply, pieces: AsyncIterable<string>): Promise<FastifyReply>;
}

/** What large answers may take; times in milliseconds. */
export interface LargeAnswerLimits {
  /** How many are under way at once, and how many more wait for that. */
  readonly parallel: number;
  readonly waiting: number;
  /** How long one waits, how long a client may take nothing, and how long it may take in all. */
  readonly patience: number;
  readonly stall: number;
  readonly whole: number;
}

const usual: LargeAnswerLimits = { parallel: 16, waiting: 100, patience: 10_000, stall: 30_000, whole: 300_000 };

/** Makes what sends large answers. */
export function createLargeAnswers(clock: Clock, limits: LargeAnswerLimits = usual): LargeAnswers {
  let free = limits.parallel;
  const waiting = new Set<() => void>();

  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const refuse = (): void => {
        reject(new ApiError(503, "Too many large answers are under way; ask again later, or for less."));
      };
      if (free > 0) {
        free -= 1;
        resolve();
        return;
      }
      if (waiting.size >= limits.waiting) {
        refuse();
        return;
      }
      const start = (): void => {
        clock.clearTimer(timer);
        resolve();
      };
      const timer = clock.setTimer(() => {
        waiting.delete(start);
        refuse();
      }, limits.patience);
      waiting.add(start);
    });

  const done = (): void => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  };

  return {
    send: async (reply, pieces) => {
      await turn();
      let stalled: unknown;
      const arm = (): void => {
        clock.clearTimer(stalled);
        stalled = clock.setTimer(() => body.destroy(new Error("The client takes nothing")), limits.stall);
      };
      const watched = async function* (): AsyncGenerator<string> {
        for await (const piece of pieces) {
          arm();
          yield piece;
        }
      };
      const body = Readable.from(watched());
      const late = clock.setTimer(() => body.destroy(new Error("The client takes too long")), limits.whole);
      body.once("close", () => {
        clock.clearTimer(stalled);
        clock.clearTimer(late);
        done();
      });
      arm();
      // A client that has hung up while it waited would never end the body.
      if (reply.raw.destroyed) body.destroy();
      return reply.type("application/json; charset=utf-8").send(body);
    },
  };
}

/** Adds what sends large answers to a server, as `largeAnswers`. */
export function addLargeAnswers(app: FastifyInstance, clock: Clock): void {
  app.decorate("largeAnswers", createLargeAnswers(clock));
}
