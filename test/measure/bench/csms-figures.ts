import { measureApart } from "./child.ts";
import { type Figure, median } from "./figure.ts";
import type { Load } from "./measured-load.ts";

/* The numbers of the CSMS, for the table in README.md. */

interface Ingestion {
  readonly full: Load;
  readonly half: Load;
  readonly microseconds: number;
  readonly barest: number;
}

interface Tail {
  readonly load: Load;
  readonly largestLog: number;
}

interface Memory {
  readonly rss: number;
  readonly heap: number;
}

/** Events a second, one in a post and many. */
interface Rates {
  readonly single: number;
  readonly batches: number;
}

interface Deliveries {
  readonly sqlite: Rates;
  /** Null where no server answers. */
  readonly postgres: Rates | null;
}

const whole = (number: number): string => Math.round(number).toLocaleString("en");

async function ingestion(): Promise<Figure[]> {
  const runs: Ingestion[] = [];
  for (let run = 0; run < 3; run += 1) runs.push((await measureApart("csms-ingestion.ts", ["10"])) as Ingestion);
  const rate = median(runs.map(({ full }) => full.perSecond));
  const late = median(runs.map(({ half }) => half.p99));
  const errors = runs.reduce((sum, { full, half }) => sum + full.errors + half.errors, 0);
  const cost = median(runs.map(({ microseconds }) => microseconds));
  const barest = median(runs.map((run) => run.barest));
  const ratio = median(runs.map((run) => run.microseconds / run.barest));
  return [
    {
      what: "MeterValues messages a second that the CSMS stores and answers: 200 stations, three values each, SQLite with every commit on disk, message log on",
      peers: "–",
      ours: `${whole(rate)} (${cost.toFixed(0)} µs of CPU each, ${errors} errors)`,
      target: "≥ 8,000",
      met: rate >= 8_000 && errors === 0,
    },
    {
      what: "processor time of one of them, against the barest durable server: ws, JSON.parse, one row with a shared commit, answer",
      peers: `barest 1× (${barest.toFixed(0)} µs)`,
      ours: `${ratio.toFixed(1)}× (${cost.toFixed(0)} µs)`,
      target: "≤ 3×",
      met: ratio <= 3,
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

async function tail(): Promise<Figure[]> {
  const runs: Tail[] = [];
  for (let run = 0; run < 3; run += 1) runs.push((await measureApart("csms-tail.ts", ["10"])) as Tail);
  const late = median(runs.map(({ load }) => load.p99));
  const log = Math.max(...runs.map(({ largestLog }) => largestLog)) / 1e6;
  return [
    {
      what: "time to the answer at 2,000 of them a second while nine lists are read without a pause, 99th percentile (in brackets: the largest write-ahead log)",
      peers: "–",
      ours: `${late.toFixed(0)} ms (${log.toFixed(0)} MB)`,
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

async function webhooks(): Promise<Figure[]> {
  const { bare, ...ours } = (await measureApart("csms-webhooks.ts")) as { readonly bare: number } & Deliveries;
  const shown = (name: string, { single, batches }: Rates): string =>
    `${name} ${whole(single)} (${(single / bare).toFixed(2)}×), in batches ${whole(batches)}`;
  const { sqlite, postgres } = ours;
  const slowest = Math.min(sqlite.single, postgres?.single ?? sqlite.single);
  return [
    {
      what: "events a second that the CSMS delivers to a webhook on the same machine, of 200 stations, each from the store to an acknowledgement on disk (in brackets: against a loop that does nothing but post; in batches of up to 100)",
      peers: `bare loop ${whole(bare)}`,
      ours: [shown("SQLite", sqlite), ...(postgres === null ? [] : [shown("PostgreSQL", postgres)])].join("; "),
      target: "≥ 500",
      met: slowest >= 500,
    },
  ];
}

/** Measures all of them. */
export async function csmsFigures(): Promise<Figure[]> {
  return [...(await ingestion()), ...(await tail()), ...(await memory()), ...(await lists()), ...(await webhooks())];
}
