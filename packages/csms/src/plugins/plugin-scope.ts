import { AsyncLocalStorage } from "node:async_hooks";

/** Is notified of the uncaught errors of a plug-in. */
export interface ErrorOwner {
  /** `origin` as Node tells it: `uncaughtException`, or `unhandledRejection` of a promise. Must not throw. */
  uncaught(error: unknown, origin: string): void;
}

/**
 * Knows which code is a plug-in's, with all that it sets off: its own timers, promises and sockets. An error in there that is
 * not caught is reported to its owner, and does not end the process.
 */
export interface PluginScope {
  /** Runs work of a plug-in. */
  run<T>(owner: ErrorOwner, work: () => T): T;
  /** Runs work of the CSMS that a plug-in asked for, whose errors are not the plug-in's. */
  outside<T>(work: () => T): T;
  /** From then on uncaught errors end the process, whosever they are. */
  close(): void;
}

/** Whose code is running, in which scope. */
interface Running {
  readonly owner: ErrorOwner;
  readonly scope: { state: "new" | "listening" | "closed" };
}

/** One for all scopes, so that each knows the errors that another takes care of. */
const running = new AsyncLocalStorage<Running | undefined>();

/** Marks the listeners of scopes, also those of another copy of this module. */
const mark = Symbol.for("@ocpp/csms plug-in scope");

/**
 * Ends the process as if no scope were listening, where nothing but scopes listens: with Node's own message and exit code. A
 * program that has a listener of its own decides itself.
 */
function endProcess(error: unknown): void {
  const listeners = process.listeners("uncaughtException");
  if (!listeners.every((listener) => mark in listener)) return;
  for (const listener of listeners) process.removeListener("uncaughtException", listener);
  process.nextTick(() => {
    throw error;
  });
}

/**
 * Makes a scope. It listens to the process from the first piece of work on. Unhandled rejections come the same way,
 * unless the process was started with another `--unhandled-rejections` or has a listener of its own.
 */
export function createPluginScope(): PluginScope {
  const scope: Running["scope"] = { state: "new" };

  const listener = Object.assign(
    (error: unknown, origin: string): void => {
      const current = running.getStore();
      if (current?.scope === scope && scope.state === "listening") current.owner.uncaught(error, origin);
      else if (current?.scope.state !== "listening") endProcess(error);
    },
    { [mark]: true },
  );

  return {
    run: (owner, work) => {
      if (scope.state === "new") {
        scope.state = "listening";
        process.on("uncaughtException", listener);
      }
      return running.run({ owner, scope }, work);
    },
    outside: (work) => running.run(undefined, work),
    close: () => {
      scope.state = "closed";
      process.removeListener("uncaughtException", listener);
    },
  };
}
