/** One row of the table of numbers: what was measured, beside a peer, and what was to be reached. */
export interface Figure {
  readonly what: string;
  /** What the peers reached in the same run, in words. */
  readonly peers: string;
  readonly ours: string;
  readonly target: string;
  readonly met: boolean;
}

/** The middle of a list of numbers; of an even one, the lower of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** The geometric mean of a list of positive numbers. */
export function geometricMean(numbers: readonly number[]): number {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}

/** The rows as a Markdown table. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, peers, ours, target, met }) => `| ${what} | ${peers} | ${ours} | ${target} | ${met ? "yes" : "no"} |`,
  );
  return ["| what | peers, same run | ours | to reach | reached |", "| --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

/** A table in which the rows of another take the place of those about the same thing; new ones come last. */
export function mergedTable(old: string, measured: string): string {
  const about = (row: string): string => row.split(" | ", 1)[0] ?? "";
  const fresh = new Map(measured.split("\n").map((row) => [about(row), row]));
  const kept = old.split("\n").map((row) => {
    const newer = fresh.get(about(row)) ?? row;
    fresh.delete(about(row));
    return newer;
  });
  return [...kept, ...fresh.values()].join("\n");
}
