/** An abort signal whose listeners are counted. */
export interface WatchedSignal {
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** Listeners that were added and are still there. */
  readonly listeners: number;
  /** Listeners that were ever added. */
  readonly added: number;
}

/** Makes a real signal and watches what is added to it and removed from it. */
export function watchedSignal(): WatchedSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const present = new Set<unknown>();
  let added = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.defineProperty(signal, "addEventListener", {
    value: (type: "abort", listener: () => void, options?: { once?: boolean }) => {
      added += 1;
      present.add(listener);
      // A listener that runs once leaves by running; this one is asked first and sees it go.
      if (options?.once === true) add("abort", () => present.delete(listener), { once: true });
      add(type, listener, options);
    },
  });
  Object.defineProperty(signal, "removeEventListener", {
    value: (type: "abort", listener: () => void) => {
      present.delete(listener);
      remove(type, listener);
    },
  });
  return {
    signal,
    abort: () => {
      controller.abort(new Error("The caller gave up"));
    },
    get listeners() {
      return present.size;
    },
    get added() {
      return added;
    },
  };
}
