/** Work was not taken, or dropped while it waited: too much waits. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** Whose work it is, and how it stands. */
export interface QueuePlace {
  /** Who asks, such as an address; all of them get turns alike, however much each of them asks for. */
  readonly source: string;
  /** For what, such as the identity of a station; all of a source get turns alike. */
  readonly subject: string;
  /** Whether it goes before what is not: three turns of four, so that the rest gets somewhere, too. */
  readonly first: boolean;
  /** Takes the work out while it waits; what has begun goes on to its end. */
  readonly signal?: AbortSignal | undefined;
}

/** Work that costs much: so much of it runs at once, the rest waits for its turn. */
export interface FairQueue {
  /**
   * Runs the work when its turn comes, and settles as it does. Rejects with a QueueFullError where it is dropped, and with
   * the reason of the signal where that aborts before the work begins.
   */
  run<T>(place: QueuePlace, work: () => Promise<T>): Promise<T>;
  /** How much waits. */
  readonly waiting: number;
}

/** How much may run and wait. */
export interface FairQueueOptions {
  /** How much runs at once. */
  readonly parallel: number;
  /** How much of that at most is work that is not `first`. */
  readonly parallelOthers: number;
  /** How much may wait; beyond that the newest work of the source that has the most waiting is dropped. */
  readonly mostWaiting: number;
}

interface Entry {
  start(): void;
  drop(): void;
}

/** The waiting work of one class: sources in the order of their turns, and in each of them its subjects. */
interface Line {
  add(place: QueuePlace, entry: Entry): void;
  remove(place: QueuePlace, entry: Entry): void;
  /** Takes out the work whose turn it is. */
  next(): Entry | undefined;
  /** Takes out the newest work of the subject with the most, of the source with the most. */
  greediest(): Entry | undefined;
  readonly size: number;
}

interface Source {
  readonly subjects: Map<string, Entry[]>;
  size: number;
}

/** The entry of a map whose value is largest by a measure; of several the last one, which came to the line last. */
function largest<V>(map: ReadonlyMap<string, V>, measure: (value: V) => number): readonly [string, V] | undefined {
  let found: readonly [string, V] | undefined;
  for (const entry of map) if (found === undefined || measure(entry[1]) >= measure(found[1])) found = entry;
  return found;
}

function createLine(): Line {
  // Turns go round by the order of the maps: who had theirs is put back at the end.
  const sources = new Map<string, Source>();
  let size = 0;

  const taken = (name: string, source: Source, subject: string, left: readonly Entry[]): void => {
    size -= 1;
    source.size -= 1;
    if (left.length === 0) source.subjects.delete(subject);
    if (source.size === 0) sources.delete(name);
  };

  return {
    get size() {
      return size;
    },
    add: ({ source: name, subject }, entry) => {
      const source = sources.get(name) ?? { subjects: new Map<string, Entry[]>(), size: 0 };
      sources.set(name, source);
      const entries = source.subjects.get(subject);
      if (entries === undefined) source.subjects.set(subject, [entry]);
      else entries.push(entry);
      source.size += 1;
      size += 1;
    },
    remove: ({ source: name, subject }, entry) => {
      const source = sources.get(name);
      const entries = source?.subjects.get(subject);
      const index = entries?.indexOf(entry) ?? -1;
      if (source === undefined || entries === undefined || index < 0) return;
      entries.splice(index, 1);
      taken(name, source, subject, entries);
    },
    next: () => {
      for (const [name, source] of sources) {
        for (const [subject, entries] of source.subjects) {
          const entry = entries.shift();
          source.subjects.delete(subject);
          if (entries.length > 0) source.subjects.set(subject, entries);
          sources.delete(name);
          sources.set(name, source);
          taken(name, source, subject, entries);
          return entry;
        }
      }
      return undefined;
    },
    greediest: () => {
      const most = largest(sources, (source) => source.size);
      if (most === undefined) return undefined;
      const [name, source] = most;
      const subject = largest(source.subjects, (entries) => entries.length);
      if (subject === undefined) return undefined;
      const entry = subject[1].pop();
      taken(name, source, subject[0], subject[1]);
      return entry;
    },
  };
}

/** Makes a queue. */
export function createFairQueue({ parallel, parallelOthers, mostWaiting }: FairQueueOptions): FairQueue {
  const first = createLine();
  const others = createLine();
  let running = 0;
  let runningOthers = 0;
  let turns = 0;

  const nextOther = (): Entry | undefined => (runningOthers < parallelOthers ? others.next() : undefined);

  const pump = (): void => {
    if (running >= parallel) return;
    const turn = turns % 4;
    const entry = turn === 3 ? (nextOther() ?? first.next()) : (first.next() ?? nextOther());
    if (entry === undefined) return;
    turns = turn + 1;
    entry.start();
    pump();
  };

  /** Makes room for what has just come; that may be what is dropped. */
  const shrink = (): void => {
    if (first.size + others.size > mostWaiting) (others.greediest() ?? first.greediest())?.drop();
  };

  return {
    get waiting() {
      return first.size + others.size;
    },
    run: <T>(place: QueuePlace, work: () => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const { signal } = place;
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const line = place.first ? first : others;
        const leave = (): void => {
          line.remove(place, entry);
          reject(signal?.reason as Error);
        };
        const ended = (): void => {
          running -= 1;
          if (!place.first) runningOthers -= 1;
          pump();
        };
        const entry: Entry = {
          start: () => {
            signal?.removeEventListener("abort", leave);
            running += 1;
            if (!place.first) runningOthers += 1;
            // Through a promise, so that work that throws frees its place, too.
            // The caller that waited for it acts upon it before the next work begins.
            Promise.resolve()
              .then(work)
              .then(resolve, reject)
              .finally(() => setImmediate(ended));
          },
          drop: () => {
            signal?.removeEventListener("abort", leave);
            reject(new QueueFullError("Too much waits"));
          },
        };
        signal?.addEventListener("abort", leave, { once: true });
        line.add(place, entry);
        pump();
        shrink();
      }),
  };
}
