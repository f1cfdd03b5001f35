import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CrowdAnswer, CrowdJob, CrowdReport } from "./crowd-job.ts";

/** A process that plays many stations, or those who pose as some. */
export interface Crowd {
  /** Does a job, beside others that are under way, and resolves when all have an answer or have hung up. */
  run(job: CrowdJob): Promise<Omit<CrowdReport, "job">>;
  close(): void;
}

const program = fileURLToPath(new URL("crowd-program.ts", import.meta.url));

/** Starts the process. */
export async function startCrowd(): Promise<Crowd> {
  const child = fork(program, { execArgv: ["--import", "tsx"] });
  const waiting = new Map<number, (report: CrowdReport) => void>();
  let jobs = 0;
  await once(child, "message");
  child.on("message", (report: CrowdReport) => {
    waiting.get(report.job)?.(report);
    waiting.delete(report.job);
  });
  return {
    run: (what) =>
      new Promise((resolve, reject) => {
        jobs += 1;
        waiting.set(jobs, resolve);
        child.once("exit", () => {
          reject(new Error("The crowd is gone"));
        });
        child.send({ job: jobs, what });
      }),
    close: () => {
      child.kill("SIGKILL");
    },
  };
}

/** Which part of the answers let a station in within so many milliseconds. */
export function letInWithin(answers: readonly CrowdAnswer[], milliseconds: number): number {
  return answers.filter(({ status, time }) => status === 101 && time <= milliseconds).length / answers.length;
}

/** The answers in short, for the message of a test that fails: how many of each status, and the times of those let in. */
export function summary(answers: readonly CrowdAnswer[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  const times = answers
    .filter(({ status }) => status === 101)
    .map(({ time }) => Math.round(time))
    .sort((a, b) => a - b);
  const at = (part: number): number | undefined => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  const statuses = Array.from(counts, ([status, count]) => `${count} × ${status}`).join(", ");
  return `${statuses}; let in after ms: half ${at(0.5)}, 99 % ${at(0.99)}, all ${at(1)}`;
}
