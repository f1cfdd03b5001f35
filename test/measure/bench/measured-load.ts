import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What `csms-load.ts` saw: messages a second, how many were answered with an error, and times to the answer in ms. */
export interface Load {
  readonly perSecond: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** How many stations send. */
const stations = 200;

/** Puts load on a server from a process of its own, for so many seconds; at a rate of 0 as fast as it is answered. */
export async function load(url: string, seconds: number, rate: number): Promise<Load> {
  const file = fileURLToPath(new URL("csms-load.ts", import.meta.url));
  const args = ["--import", "tsx", file, url, String(stations), String(seconds), String(rate)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Load;
}
