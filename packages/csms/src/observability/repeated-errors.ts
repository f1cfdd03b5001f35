import type { Clock } from "@ocpp/core";

/** Keeps an error that comes again and again from filling the log: it is written at once, and then counted. */
export interface RepeatedErrors {
  /**
   * Whether an error is to be written now. Otherwise it is counted with those that are alike, and `write` is told after a
   * minute how many there were; so a count comes at most once a minute for each kind of error.
   */
  admit(part: string, fields: object, text: string, write: (summary: RepeatedSummary) => void): boolean;
  /** Writes the counts that are held back, and counts no more. */
  close(): void;
}

/** How often an error came after it was written. */
export interface RepeatedSummary {
  readonly repeated: number;
  /** In how many seconds. */
  readonly seconds: number;
  /** The sum of the fields of that name, such as writes that were lost, where the errors have one. */
  readonly count?: number;
}

/** Fields that say of which station or message an error is, and not what it is. */
const instanceFields: ReadonlySet<string> = new Set([
  "attempts",
  "commandId",
  "count",
  "delivery",
  "error",
  "messageId",
  "milliseconds",
  "remoteAddress",
  "requestId",
  "stationId",
  "waiting",
]);

/** Milliseconds for which errors are counted together. */
const period = 60_000;
/** How many kinds of errors are distinguished; beyond that each error is written, so that none is hidden. */
const mostKinds = 500;

interface Kind {
  since: number;
  repeated: number;
  count: number | undefined;
  write: (summary: RepeatedSummary) => void;
  timer: unknown;
}

/** What an error is and where it was made, which distinguishes two errors that have one message. */
function identityOf(error: unknown, depth = 0): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { name, code, message, stack, cause } = error as Record<
    "name" | "code" | "message" | "stack" | "cause",
    unknown
  >;
  const place = typeof stack === "string" ? /\n\s+at .*/.exec(stack)?.[0] : undefined;
  return [name, code, message, place, depth < 2 && cause !== undefined ? identityOf(cause, depth + 1) : null];
}

/** The kind of an error: its text, what it is, and all fields but those of its instance. */
function kindOf(part: string, fields: object, text: string): string | undefined {
  const own = Object.entries(fields).filter(([name, value]) => value !== undefined && !instanceFields.has(name));
  try {
    return JSON.stringify([part, text, own, "error" in fields ? identityOf(fields.error) : null]);
  } catch {
    // What cannot be compared is written each time.
    return undefined;
  }
}

/** Makes it. Its timers do not keep a process alive. */
export function createRepeatedErrors(clock: Clock): RepeatedErrors {
  const kinds = new Map<string, Kind>();
  let closed = false;

  const summarize = (kind: Kind): void => {
    const { repeated, count, since } = kind;
    if (repeated === 0) return;
    kind.repeated = 0;
    kind.count = undefined;
    kind.since = clock.now();
    const seconds = Math.round((kind.since - since) / 1_000);
    kind.write({ repeated, seconds, ...(count === undefined ? {} : { count }) });
  };

  const arm = (key: string, kind: Kind): void => {
    kind.timer = clock.setTimer(() => {
      if (kind.repeated === 0) {
        kinds.delete(key);
        return;
      }
      summarize(kind);
      arm(key, kind);
    }, period);
    const { timer } = kind;
    if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") {
      timer.unref();
    }
  };

  return {
    admit: (part, fields, text, write) => {
      const key = closed ? undefined : kindOf(part, fields, text);
      if (key === undefined) return true;
      const known = kinds.get(key);
      if (known === undefined) {
        if (kinds.size >= mostKinds) return true;
        const kind: Kind = { since: clock.now(), repeated: 0, count: undefined, write, timer: undefined };
        kinds.set(key, kind);
        arm(key, kind);
        return true;
      }
      known.repeated += 1;
      known.write = write;
      if ("count" in fields && typeof fields.count === "number") known.count = (known.count ?? 0) + fields.count;
      return false;
    },
    close: () => {
      closed = true;
      for (const kind of kinds.values()) {
        clock.clearTimer(kind.timer);
        summarize(kind);
      }
      kinds.clear();
    },
  };
}
