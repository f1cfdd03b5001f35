/** A map that holds so many entries at most: where it is full, the one that was set longest ago makes room for a new one. */
export interface BoundedMap<K, V> {
  readonly size: number;
  has(key: K): boolean;
  get(key: K): V | undefined;
  /** Sets an entry, which is the newest then. */
  set(key: K, value: V): void;
  delete(key: K): boolean;
}

/** Makes an empty one for at most `limit` entries, 1 or more. */
export function createBoundedMap<K, V>(limit: number): BoundedMap<K, V> {
  const entries = new Map<K, V>();
  return {
    get size() {
      return entries.size;
    },
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key);
      if (entries.size >= limit) {
        for (const oldest of entries.keys()) {
          entries.delete(oldest);
          break;
        }
      }
      entries.set(key, value);
    },
    delete: (key) => entries.delete(key),
  };
}
