import type { Interceptor } from "@ocpp/core";

/** Tells when messages that are not answered (SEND, 2.1) have been handled. */
export interface SendInbox {
  /** For the CSMS. */
  readonly interceptor: Interceptor;
  /** The next request of an action from a station that the CSMS handles; rejects when it does not come. */
  readonly next: (identity: string, action: string, signal: AbortSignal) => Promise<unknown>;
}

/** The most milliseconds that a message may take. */
const limit = 10_000;

/** Makes an inbox. */
export function sendInbox(): SendInbox {
  const waiting = new Map<string, (request: unknown) => void>();
  return {
    interceptor: (next) => async (exchange) => {
      const response = await next(exchange);
      if (exchange.direction === "inbound" && exchange.kind === "send") {
        waiting.get(`${exchange.identity} ${exchange.action}`)?.(exchange.request);
      }
      return response;
    },
    next: (identity, action, signal) =>
      new Promise((resolve, reject) => {
        const key = `${identity} ${action}`;
        const settle = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", broken);
          waiting.delete(key);
        };
        const broken = (): void => {
          settle();
          reject(new Error(`${action} did not reach the CSMS`));
        };
        const timer = setTimeout(broken, limit);
        signal.addEventListener("abort", broken, { once: true });
        waiting.set(key, (request) => {
          settle();
          resolve(request);
        });
      }),
  };
}
