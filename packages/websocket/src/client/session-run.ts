import { type AnyPeer, type Closure, ConnectionError, systemClock } from "@ocpp/core";
import { warn } from "../warning.ts";
import { makeBackoff } from "./backoff.ts";
import type { SessionState, Settings } from "./connect-options.ts";
import { openConnection } from "./connection.ts";
import { defer } from "./deferred.ts";
import { startHandshake } from "./handshake.ts";
import { HandshakeError } from "./handshake-error.ts";
import type { Session } from "./session.ts";
import { targetOf } from "./target.ts";

/** The most milliseconds that a server's Retry-After is obeyed for. */
const longestRetryAfter = 3_600_000;

/** Runs a listener of the user. What it throws or rejects with must not change what the session does. */
async function notify<T>(listener: ((value: T) => void | Promise<void>) | undefined, value: T): Promise<void> {
  try {
    await listener?.(value);
  } catch (error) {
    warn("A listener of the session failed", error);
  }
}

function sessionClosed(): ConnectionError {
  return new ConnectionError("closed", "The session was closed");
}

/** Starts a session and its first attempt. Throws as `connect` does. */
export function startSession(initial: Settings): Session {
  const clock = initial.clock ?? systemClock;
  const backoffOf = ({ reconnect }: Settings) => makeBackoff(reconnect || {}, () => clock.random());
  const closed = defer<void>();
  let settings = initial;
  let target = targetOf(settings);
  let backoff = backoffOf(settings);
  let state: SessionState = "connecting";
  let peer: AnyPeer | undefined;
  let next = defer<AnyPeer>();
  let failures = 0;
  /** Whether the present connection ends because of `reconnect`. */
  let renewing = false;
  /** Whether the session is to end or has ended. */
  let ending = false;
  /** Peers that have not handled all that they received, also those whose connection is gone. */
  const unfinished = new Set<AnyPeer>();
  /** Gives up the attempt, or the wait for it. */
  let interrupt: () => void;

  // Each step ends with the listeners, which may take the next step themselves.
  const enter = (now: SessionState): void => {
    if (state === now) return;
    state = now;
    void notify(settings.onState, now);
  };

  /** Resolves `closed` once no handler of any connection is left. */
  const settle = async (): Promise<void> => {
    await Promise.all(Array.from(unfinished, ({ finished }) => finished));
    closed.resolve();
  };

  const end = (error: Error): void => {
    ending = true;
    next.reject(error);
    enter("closed");
    void settle();
  };

  const attempt = (): void => {
    const { identity } = target;
    renewing = false;
    interrupt = startHandshake(target, settings, clock, {
      opened: (socket, endpoint) => {
        const connection = openConnection(socket, endpoint, identity, settings, clock);
        failures = 0;
        const opened = (peer = connection.peer);
        unfinished.add(opened);
        void opened.finished.then(() => unfinished.delete(opened));
        next.resolve(peer);
        next = defer();
        void connection.gone.then((closure) => {
          if (closure.proven) backoff.reset();
          peer = undefined;
          const { code, reason } = closure;
          lost(new ConnectionError("closed", `The connection was lost (${code}${reason && ", "}${reason})`), closure);
        });
        enter("open");
        void notify(settings.onPeer, connection.peer);
      },
      failed: (error) => {
        failures += 1;
        lost(error);
      },
    });
    enter("connecting");
  };

  const lost = (error: HandshakeError | ConnectionError, closure?: Closure): void => {
    if (ending) {
      end(sessionClosed());
      return;
    }
    if (renewing) {
      attempt();
      return;
    }
    let retryIn: number | undefined;
    if (settings.reconnect === false) end(error);
    else {
      const asked = HandshakeError.is(error) ? (error.retryAfter ?? 0) : 0;
      retryIn = Math.max(backoff.next(), Math.min(asked, longestRetryAfter));
      const timer = clock.setTimer(attempt, retryIn);
      interrupt = () => {
        clock.clearTimer(timer);
      };
      enter("waiting");
    }
    void notify(settings.onFailure, { error, attempt: failures, retryIn, closure });
  };

  const configure: Session["configure"] = (changes) => {
    const changed = { ...settings, ...changes } as Settings;
    const changedTarget = targetOf(changed);
    if ("reconnect" in changes) backoff = backoffOf(changed);
    target = changedTarget;
    settings = changed;
  };

  attempt();
  return {
    ready: next.promise,
    closed: closed.promise,
    get identity() {
      return target.identity;
    },
    get state() {
      return state;
    },
    get peer() {
      return peer;
    },
    peers: {
      async *[Symbol.asyncIterator]() {
        let seen: AnyPeer | undefined;
        for (;;) {
          if (peer !== undefined && peer !== seen) {
            seen = peer;
            yield peer;
          } else {
            try {
              await next.promise;
            } catch {
              return;
            }
          }
        }
      },
    },
    configure,
    reconnect: (changes = {}) => {
      configure(changes);
      const { promise } = next;
      if (!ending) {
        backoff.reset();
        renewing = true;
        if (peer !== undefined) void peer.close();
        else {
          interrupt();
          attempt();
        }
      }
      return promise;
    },
    close: (options) => {
      if (!ending) {
        ending = true;
        for (const one of unfinished) void one.close({ abortHandlers: true, ...options });
        if (peer !== undefined) enter("closing");
        else {
          interrupt();
          end(sessionClosed());
        }
      }
      return closed.promise;
    },
  };
}
