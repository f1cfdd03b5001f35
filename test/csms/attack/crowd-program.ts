import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { CrowdAnswer, CrowdJob, CrowdReport } from "./crowd-job.ts";

/* Makes the connections of a crowd; see `crowd.ts`. Sockets and texts alone, so that it costs little beside the CSMS. */

/** Milliseconds after which a connection that waits is given up. */
const patience = 30_000;

function requestOf({ url }: CrowdJob, identity: string, password: string | undefined): string {
  const lines = [
    `GET /${encodeURIComponent(identity)} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Protocol: ocpp1.6",
    ...(password === undefined
      ? []
      : [`Authorization: Basic ${Buffer.from(`${identity}:${password}`).toString("base64")}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function attempt(
  job: CrowdJob,
  { identity, password }: CrowdJob["stations"][number],
  open: Socket[],
): Promise<CrowdAnswer> {
  const begin = performance.now();
  const { port } = new URL(job.url);
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(port), localAddress: job.from });
    let answered = false;
    const end = (status: number): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      resolve({ status, time: performance.now() - begin });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      end(0);
    }, job.hangUpAfter ?? patience);
    socket.on("connect", () => socket.write(requestOf(job, identity, password)));
    socket.on("error", () => {
      end(0);
    });
    socket.on("close", () => {
      end(0);
    });
    socket.once("data", (data: Buffer) => {
      end(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString("latin1"))?.[1] ?? 0));
      socket.resume();
      if (job.stay === true) open.push(socket);
      else socket.destroy();
    });
  });
}

async function run(job: CrowdJob): Promise<Omit<CrowdReport, "job">> {
  const open: Socket[] = [];
  const answers: Promise<CrowdAnswer>[] = [];
  const begin = performance.now();
  while (answers.length < job.stations.length) {
    const due = Math.min(job.stations.length, Math.floor(((performance.now() - begin) * job.perSecond) / 1_000) + 1);
    for (const station of job.stations.slice(answers.length, due)) answers.push(attempt(job, station, open));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const settled = await Promise.all(answers);
  const time = performance.now() - begin;
  for (const socket of open) socket.destroy();
  return { answers: settled, time };
}

process.on("message", ({ job, what }: { job: number; what: CrowdJob }) => {
  void run(what).then((report) => process.send?.({ job, ...report } satisfies CrowdReport));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
