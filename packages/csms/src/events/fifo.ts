/** A queue: what comes first goes first. Taking from it costs the same however long it is. */
export interface Fifo<T> {
  push(item: T): void;
  /** The one that came first; undefined where there is none. */
  first(): T | undefined;
  /** Takes out the one that came first. */
  shift(): void;
}

/** How many places at the front may be empty before the rest moves up. */
const slack = 1_024;

/** Makes a queue. */
export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let start = 0;
  return {
    push: (item) => {
      items.push(item);
    },
    first: () => items[start],
    shift: () => {
      if (start >= items.length) return;
      items[start] = undefined;
      start += 1;
      if (start === items.length) {
        items = [];
        start = 0;
      } else if (start >= slack && start * 2 >= items.length) {
        items = items.slice(start);
        start = 0;
      }
    },
  };
}
