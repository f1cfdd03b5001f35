import type { Clock } from "@ocpp/core";
import { type ConnectionRefusal, refusal } from "./connection-refusal.ts";
import type { HandshakeRequest } from "./handshake-request.ts";
import { Refusal } from "./refusal.ts";
import { challengeFor } from "./security-profile.ts";

/**
 * Decides whether a station is let in: returns an object, which handlers then find as `context.info` and the application
 * as `peer.info`, or what `refuse` makes. It may take its time, up to the handshake timeout; `signal` aborts when that is
 * over, when the other side hangs up and when the server closes. Throwing is an accident: the station gets a 500.
 *
 * Only an object lets a station in. `undefined`, as a search that found nothing returns it, does not.
 */
export type Authenticate<Info> = (
  request: HandshakeRequest,
  signal: AbortSignal,
) => Info | Refusal | Promise<Info | Refusal>;

const reasons: { readonly [status: number]: string } = {
  401: "The credentials are wrong",
  403: "This station is not let in",
  404: "This station is not known",
  409: "This station is connected already",
  429: "Too many attempts: try again later",
  503: "Not available: try again later",
};

function refusalOf({ status, reason, retryAfter }: Refusal): ConnectionRefusal {
  return refusal("authenticate", status, reason ?? reasons[status] ?? "This station is not let in", {
    headers: { ...challengeFor(status), ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }) },
  });
}

function verdict(result: unknown): { readonly info: object } | ConnectionRefusal {
  if (result instanceof Refusal) return refusalOf(result);
  if (typeof result === "object" && result !== null) return { info: result };
  return refusal("authenticate-failed", 500, "The station could not be authenticated", {
    error: new TypeError("authenticate must return an object, the info of the connection, or what refuse() makes"),
  });
}

/** A handshake that waits for `authenticate`, and how it is stopped from outside. */
export class PendingHandshake {
  readonly #controller = new AbortController();
  readonly stopped: Promise<ConnectionRefusal>;
  #resolve: (refused: ConnectionRefusal) => void = () => {};

  constructor() {
    this.stopped = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Refuses the station now; whatever `authenticate` returns comes too late. */
  stop(refused: ConnectionRefusal): void {
    this.#resolve(refused);
    this.#controller.abort(refused.error ?? new Error(refused.text));
  }
}

/**
 * Asks `authenticate`, and answers for it where it throws, takes longer than `timeout` milliseconds or is stopped. Never
 * rejects.
 */
export async function askAuthenticate(
  authenticate: Authenticate<unknown>,
  request: HandshakeRequest,
  pending: PendingHandshake,
  clock: Clock,
  timeout: number,
): Promise<{ readonly info: object } | ConnectionRefusal> {
  const timer = clock.setTimer(() => {
    const error = new Error(`authenticate took longer than ${timeout} ms`);
    pending.stop(refusal("authenticate-timeout", 503, "The station could not be authenticated in time", { error }));
  }, timeout);
  const asked = async (): Promise<{ readonly info: object } | ConnectionRefusal> => {
    try {
      return verdict(await authenticate(request, pending.signal));
    } catch (error) {
      return refusal("authenticate-failed", 500, "The station could not be authenticated", { error });
    }
  };
  try {
    return await Promise.race([asked(), pending.stopped]);
  } finally {
    clock.clearTimer(timer);
  }
}
