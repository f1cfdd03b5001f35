import type { Clock } from "@ocpp/core";
import type { Write } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** Knows whether writes can be persisted at present. */
export interface Writability {
  /** Runs a commit and takes note of how it ends; settles as it does. */
  watch<T>(commit: () => Promise<T>): Promise<T>;
  /**
   * Resolves where writes can be persisted: a commit succeeded within the last five seconds, and none has failed or has been
   * pending for two seconds since. Where that is not known a small write is tried, at most once a second, so that the answer
   * changes without other traffic. Rejects with the StoreError that stands in the way.
   */
  check(): Promise<void>;
}

/** For how many milliseconds a commit that succeeded shows that others would. */
const fresh = 5_000;
/** After how many milliseconds a commit that is under way shows that none gets through. */
const patience = 2_000;
/** Milliseconds between two writes that are tried. */
const pause = 1_000;

/** Makes it. `probe` persists something small through the same way that commits go. */
export function createWritability(clock: Clock, probe: () => Promise<unknown>): Writability {
  /** When the commits under way began, the oldest first. */
  const pending = new Set<{ readonly since: number }>();
  let succeededAt = Number.NEGATIVE_INFINITY;
  let failure: StoreError | undefined;
  let probing: Promise<void> | undefined;
  let probedAt = Number.NEGATIVE_INFINITY;

  const fail = (error: unknown): StoreError =>
    error instanceof StoreError ? error : new StoreError("failed", "A write could not be persisted", { cause: error });

  const isPending = (): boolean => {
    const [oldest] = pending;
    return oldest !== undefined && clock.now() - oldest.since > patience;
  };

  const tryOut = async (): Promise<void> => {
    probedAt = clock.now();
    try {
      await probe();
    } catch (error) {
      failure = fail(error);
      throw failure;
    } finally {
      probing = undefined;
    }
  };

  return {
    watch: async (commit) => {
      const entry = { since: clock.now() };
      pending.add(entry);
      try {
        const result = await commit();
        succeededAt = clock.now();
        failure = undefined;
        return result;
      } catch (error) {
        failure = fail(error);
        throw error;
      } finally {
        pending.delete(entry);
      }
    },
    check: async () => {
      if (isPending()) throw new StoreError("unavailable", "A commit has been pending for more than two seconds");
      const now = clock.now();
      if (failure === undefined && now - succeededAt <= fresh) return;
      if (probing === undefined) {
        if (failure !== undefined && now - probedAt < pause) throw failure;
        probing = tryOut();
      }
      await probing;
    },
  };
}

/**
 * A write that changes nothing that matters, and costs a commit all the same: for whoever needs one to succeed, to know that
 * the database persists or that what was rejected before cannot be persisted any more.
 */
export const probeWrite: Write = {
  sql: "insert into counters (name, value) values ('probe', 1) on conflict (name) do update set value = 1",
  parameters: [],
};
