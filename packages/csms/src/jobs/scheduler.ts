import type { Infrastructure } from "../infrastructure.ts";
import { NotFoundError } from "../shared/service-error.ts";
import { endsWithin } from "../store/ends-within.ts";
import type { BackgroundRunRow } from "../store/tables/jobs.ts";
import type { BackgroundService, BackgroundState, Scheduler } from "./background-service.ts";
import { createRunRecord } from "./run-record.ts";

/** Milliseconds after the start before anything runs, so that stations have time to come back. */
const startDelay = 10_000;

/** A service on the schedule. */
interface Job {
  readonly service: BackgroundService;
  timer: unknown;
  nextRunAt: number | null;
  last: BackgroundRunRow | undefined;
  /** The run that is under way. */
  current: Promise<void> | undefined;
}

function stateOf({ service, nextRunAt, last, current }: Job): BackgroundState {
  const { name, description, interval } = service;
  return {
    name,
    description,
    interval,
    running: current !== undefined,
    nextRunAt,
    lastRun:
      last === undefined
        ? null
        : { startedAt: last.started_at, finishedAt: last.finished_at, outcome: last.outcome, result: last.result },
  };
}

/**
 * Makes the schedule of background services. The next run comes an interval after the end of the last one, also over
 * restarts, but not within the first seconds of a process.
 */
export function createScheduler(infrastructure: Infrastructure, services: readonly BackgroundService[]): Scheduler {
  const { clock } = infrastructure;
  const log = infrastructure.log.part("background");
  const record = createRunRecord(infrastructure);
  const stopping = new AbortController();
  const jobs = new Map<string, Job>(
    services.map((service) => [
      service.name,
      { service, timer: undefined, nextRunAt: null, last: undefined, current: undefined },
    ]),
  );

  const plan = (job: Job, at: number): void => {
    clock.clearTimer(job.timer);
    job.nextRunAt = null;
    if (job.service.interval <= 0 || stopping.signal.aborted) return;
    job.nextRunAt = at;
    job.timer = clock.setTimer(() => void run(job, false), at - clock.now());
  };

  const work = async ({ service }: Job): Promise<Pick<BackgroundRunRow, "outcome" | "result">> => {
    try {
      return { outcome: "ok", result: await service.run(stopping.signal) };
    } catch (error) {
      if (stopping.signal.aborted) return { outcome: "interrupted", result: "The process was told to end." };
      log.error({ service: service.name, error }, "A background service failed");
      return { outcome: "failed", result: error instanceof Error ? error.message : String(error) };
    }
  };

  const runOnce = async (job: Job, asked: boolean): Promise<void> => {
    clock.clearTimer(job.timer);
    job.nextRunAt = null;
    const before = job.last;
    const begun = record.begin(job.service.name);
    job.last = begun;
    const ended: BackgroundRunRow = { ...begun, ...(await work(job)), finished_at: clock.now() };
    job.last = ended;
    infrastructure.metrics.backgroundRun(job.service.name, ended.outcome);
    try {
      await record.end(ended, before, asked);
    } catch (error) {
      log.error({ service: job.service.name, error }, "A run of a background service could not be persisted");
    }
  };

  const run = (job: Job, asked: boolean): Promise<void> => {
    job.current ??= runOnce(job, asked).finally(() => {
      job.current = undefined;
      plan(job, clock.now() + job.service.interval);
    });
    return job.current;
  };

  const recall = async (): Promise<void> => {
    try {
      await record.interrupt();
      for (const [name, last] of await record.newest(Array.from(jobs.keys()))) {
        const job = jobs.get(name);
        if (job !== undefined) job.last ??= last;
      }
    } catch (error) {
      log.error({ error }, "The earlier runs of background services could not be read");
    }
  };
  let recalled: Promise<void> | undefined;

  const begin = async (): Promise<void> => {
    const earliest = clock.now() + startDelay;
    recalled ??= recall();
    await recalled;
    for (const job of jobs.values()) {
      if (job.current !== undefined) continue;
      const { interval } = job.service;
      const due = (job.last?.finished_at ?? clock.now()) + interval;
      plan(job, Math.max(due, Math.min(earliest, clock.now() + interval)));
    }
  };
  let beginning: Promise<void> | undefined;

  return {
    start: () => {
      beginning ??= begin();
    },
    states: async () => {
      recalled ??= recall();
      await recalled;
      await beginning;
      return Array.from(jobs.values(), stateOf);
    },
    trigger: async (name) => {
      const job = jobs.get(name);
      if (job === undefined) {
        throw new NotFoundError(
          `There is no background service ${name}; there are: ${Array.from(jobs.keys()).join(", ")}`,
        );
      }
      recalled ??= recall();
      await recalled;
      await beginning;
      await run(job, true);
      return stateOf(job);
    },
    close: async (timeout) => {
      stopping.abort();
      const ended = async (): Promise<void> => {
        await beginning;
        for (const job of jobs.values()) {
          clock.clearTimer(job.timer);
          job.nextRunAt = null;
        }
        await Promise.all(Array.from(jobs.values(), async ({ current }) => current));
      };
      await endsWithin(clock, ended(), timeout);
      return Array.from(jobs.values()).flatMap(({ service, current }) => (current === undefined ? [] : [service.name]));
    },
  };
}
