import { Readable } from "node:stream";
import type { Clock } from "@ocpp/core";
import { type EndReason, endFrame, heartbeatFrame } from "./frame.ts";
import type { FeedItem, FeedReader } from "./reader.ts";

/** How patient a stream is. In milliseconds. */
export interface StreamPatience {
  /** How long it is silent before it sends a comment. */
  readonly heartbeat: number;
  /** How long it waits for a reader that takes nothing more. */
  readonly stall: number;
  /** How long a reader that was cut off has to take the last frame. */
  readonly grace: number;
}

/** What streams do unless specified otherwise: proxies commonly give up after a minute of silence. */
export const streamPatience: StreamPatience = { heartbeat: 15_000, stall: 30_000, grace: 5000 };

/** A stream of server-sent events, and how the server ends it. */
export interface EventStream {
  readonly body: Readable;
  /** Ends it with a frame that says why. */
  end(reason: EndReason): void;
}

/**
 * Makes the body of an event stream. It asks the feed for more only when the reader has taken what there was, so a slow one
 * costs no memory; one that takes nothing for too long is cut off, with a last frame that says so. So is one that is not `allowed` any
 * more, which is asked as often as a silent stream sends comments.
 */
export function createEventStream(
  reader: FeedReader,
  clock: Clock,
  { heartbeat, stall, grace }: StreamPatience = streamPatience,
  allowed: () => Promise<boolean> = () => Promise.resolve(true),
): EventStream {
  const closed = new AbortController();
  let taken: (() => void) | undefined;
  let timer: unknown;
  let watch: unknown;

  const body = new Readable({
    highWaterMark: 64 * 1024,
    read: () => {
      taken?.();
    },
    destroy: (error, done) => {
      finish();
      clock.clearTimer(timer);
      done(error);
    },
  });

  const finish = (): void => {
    closed.abort();
    clock.clearTimer(watch);
    reader.close();
    taken?.();
  };

  const end = (reason: EndReason): void => {
    if (closed.signal.aborted) return;
    body.push(endFrame(reason));
    body.push(null);
    finish();
    clock.clearTimer(timer);
    timer = clock.setTimer(() => body.destroy(), grace);
  };

  const arm = (): void => {
    clock.clearTimer(timer);
    timer = clock.setTimer(() => {
      body.push(heartbeatFrame);
      arm();
    }, heartbeat);
  };

  /** Resolves once the reader has taken what was pushed; cuts it off where it takes too long. */
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      clock.clearTimer(timer);
      timer = clock.setTimer(() => {
        end("slow-reader");
      }, stall);
      taken = () => {
        taken = undefined;
        resolve();
      };
    });

  const send = async (items: readonly FeedItem[]): Promise<void> => {
    for (const { text } of items) {
      if (closed.signal.aborted) return;
      if (!body.push(text)) await drained();
    }
  };

  const checkLater = (): void => {
    watch = clock.setTimer(() => void check(), heartbeat);
  };

  const check = async (): Promise<void> => {
    // Where it cannot be told, the stream goes on and it is asked again.
    const good = await allowed().catch(() => true);
    if (closed.signal.aborted) return;
    if (good) checkLater();
    else end("key-ended");
  };

  const run = async (): Promise<void> => {
    checkLater();
    body.push("retry: 2000\n\n");
    while (!closed.signal.aborted) {
      arm();
      await send(await reader.next(closed.signal));
    }
  };

  run().catch((error: unknown) => {
    body.destroy(error instanceof Error ? error : new Error("The events cannot be read"));
  });
  return { body, end };
}
