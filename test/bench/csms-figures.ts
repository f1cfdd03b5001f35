import { measureApart } from "./child.ts";
import { type Figure, median } from "./figure.ts";

/* The numbers of the CSMS, for the table in README.md. */

interface Load {
  readonly perSecond: number;
  readonly errors: number;
  readonly p99: number;
}

interface Ingestion {
  readonly full: Load;
  readonly half: Load;
  readonly microseconds: number;
}

interface Memory {
  readonly rss: number;
  readonly heap: number;
}

const whole = (number: number): string => Math.round(number).toLocaleString("en");

async function ingestion(): Promise<Figure[]> {
  const runs: Ingestion[] = [];
  for (let run = 0; run < 3; run += 1) runs.push((await measureApart("csms-ingestion.ts", ["10"])) as Ingestion);
  const rate = median(runs.map(({ full }) => full.perSecond));
  const late = median(runs.map(({ half }) => half.p99));
  const errors = runs.reduce((sum, { full, half }) => sum + full.errors + half.errors, 0);
  const cost = median(runs.map(({ microseconds }) => microseconds));
  return [
    {
      what: "MeterValues messages a second that the CSMS stores and answers: 200 stations, three values each, SQLite with every commit on disk, message log on",
      peers: "–",
      ours: `${whole(rate)} (${cost.toFixed(0)} µs of CPU each, ${errors} errors)`,
      target: "≥ 8,000",
      met: rate >= 8_000 && errors === 0,
    },
    {
      what: "time to the answer at 4,000 of them a second, 99th percentile",
      peers: "–",
      ours: `${late.toFixed(0)} ms`,
      target: "≤ 100 ms",
      met: late <= 100,
    },
  ];
}

async function memory(): Promise<Figure[]> {
  const runs: { readonly bare: Memory; readonly ours: Memory }[] = [];
  for (let run = 0; run < 3; run += 1) {
    const bare = (await measureApart("memory.ts", ["bare"], ["--expose-gc"])) as Memory;
    runs.push({ bare, ours: (await measureApart("csms-memory.ts", [], ["--expose-gc"])) as Memory });
  }
  const above = (part: keyof Memory): number => median(runs.map(({ bare, ours }) => ours[part] - bare[part])) / 1_024;
  const bare = median(runs.map((run) => run.bare.rss)) / 1_024;
  return [
    {
      what: "memory of the CSMS per connected station above bare ws, 10,000 stations (in brackets: heap and buffers alone)",
      peers: `bare ws ${bare.toFixed(1)} KB`,
      ours: `${above("rss").toFixed(1)} KB (${above("heap").toFixed(1)} KB)`,
      target: "≤ 25 KB",
      met: above("rss") <= 25 && above("heap") <= 25,
    },
  ];
}

async function lists(): Promise<Figure[]> {
  const { pages, start } = (await measureApart("csms-lists.ts")) as {
    readonly pages: Readonly<Record<string, number>>;
    readonly start: number;
  };
  const slowest = Math.max(...Object.values(pages));
  return [
    {
      what: "a page of 100 out of 1,000,000 transactions by REST, the slowest of the filters tried",
      peers: "–",
      ours: `${slowest.toFixed(1)} ms`,
      target: "≤ 20 ms",
      met: slowest <= 20,
    },
    {
      what: "start of the CSMS on that database, until REST answers",
      peers: "–",
      ours: `${(start / 1_000).toFixed(2)} s`,
      target: "≤ 1.5 s",
      met: start <= 1_500,
    },
  ];
}

/** Measures all of them. */
export async function csmsFigures(): Promise<Figure[]> {
  return [...(await ingestion()), ...(await memory()), ...(await lists())];
}
