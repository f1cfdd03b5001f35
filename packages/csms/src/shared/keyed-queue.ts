/** Runs work one after another for each key, and side by side for different ones. */
export interface KeyedQueue {
  /** Runs the work once all that was asked for before with the same key has ended, and settles as it does. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** How many keys have work under way or waiting. */
  readonly size: number;
}

/** Makes a queue. Work that waits for work of the same key waits for ever. */
export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    get size() {
      return tails.size;
    },
    run: <T>(key: string, work: () => Promise<T>): Promise<T> => {
      const before = tails.get(key);
      const result = before === undefined ? work() : before.then(work, work);
      tails.set(key, result);
      const end = (): void => {
        if (tails.get(key) === result) tails.delete(key);
      };
      result.then(end, end);
      return result;
    },
  };
}
