import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureApart } from "./child.ts";
import { csmsFigures } from "./csms-figures.ts";
import { type Figure, median, mergedTable, tableOf } from "./figure.ts";

/** `pnpm bench`: measures the numbers that this project promises, each beside peers in the same run. */

const help = `Measures the numbers that this project promises, each beside peers in the same run.

Usage: pnpm bench [--only <name>[,<name>...]] [--write]

  --only   some of: validators, calls, memory, import, codegen, types, csms
  --write  puts the rows that were measured into the table in README.md, between its bench markers`;

interface Memory {
  readonly rss: number;
  readonly heap: number;
}

interface Calls {
  readonly [name: string]: { readonly microseconds: number; readonly ratio: number };
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const times = (number: number): string => `${number.toFixed(2)}×`;

const measures: Record<string, () => Promise<Figure[]>> = {
  calls: async () => {
    const runs: Calls[] = [];
    for (let run = 0; run < 3; run += 1) runs.push((await measureApart("calls.ts")) as Calls);
    const ratio = (name: string): number => median(runs.map((run) => run[name]?.ratio ?? Number.NaN));
    const cost = median(runs.map((run) => run["ours"]?.microseconds ?? Number.NaN));
    return [
      {
        what: "CPU per call, both ends, validated on both ends, 50 connections, against bare ws with JSON",
        peers: `ocpp-rpc ${times(ratio("ocpp-rpc"))}`,
        ours: `${times(ratio("ours"))} (${cost.toFixed(0)} µs)`,
        target: "≤ 1.2×",
        met: ratio("ours") <= 1.2,
      },
    ];
  },
  validators: async () => {
    const { ratio, event } = (await measureApart("validators.ts")) as { ratio: number; event: number };
    return [
      {
        what: "validating all messages of all versions, geometric mean, against ajv standalone",
        peers: "ajv 1×",
        ours: `${times(ratio)} as fast (a TransactionEvent in ${event.toFixed(0)} ns)`,
        target: "≥ 4×",
        met: ratio >= 4,
      },
    ];
  },
  memory: async () => {
    const measure = async (name: string): Promise<Memory> =>
      (await measureApart("memory.ts", [name], ["--expose-gc"])) as Memory;
    const runs: { readonly bare: Memory; readonly ours: Memory; readonly peer: Memory }[] = [];
    for (let run = 0; run < 5; run += 1) {
      runs.push({ bare: await measure("bare"), ours: await measure("ours"), peer: await measure("ocpp-rpc") });
    }
    const ratio = (name: "ours" | "peer", part: keyof Memory): number =>
      median(runs.map((run) => run[name][part] / run.bare[part]));
    const own = median(runs.map((run) => run.ours.rss));
    return [
      {
        what: "memory of the process per idle connection on the server, against bare ws (in brackets: heap and buffers alone)",
        peers: `ocpp-rpc ${times(ratio("peer", "rss"))} (${times(ratio("peer", "heap"))})`,
        ours: `${times(ratio("ours", "rss"))} (${times(ratio("ours", "heap"))}), ${(own / 1024).toFixed(1)} KB`,
        target: "≤ 1.4×",
        met: ratio("ours", "rss") <= 1.4,
      },
    ];
  },
  import: async () => {
    const extra = (await measureApart("import-time.ts")) as Record<string, number>;
    const show = (name: string): string => `${(extra[name] ?? Number.NaN).toFixed(0)} ms`;
    return [
      {
        what: "importing core, websocket, v16 and v201, beyond bare node and ws (in brackets: with the server)",
        peers: `ocpp-rpc ${show("ocpp-rpc")}, typed-ocpp ${show("typed-ocpp")}`,
        ours: `${show("ours")} (${show("with server")})`,
        target: "≤ 15 ms",
        met: (extra["ours"] ?? Number.NaN) <= 15,
      },
    ];
  },
  codegen: async () => {
    const seconds = Array.from({ length: 3 }, () => {
      const start = process.hrtime.bigint();
      const { status } = spawnSync(process.execPath, ["--import", "tsx", "codegen/src/main.ts", "--check"], {
        cwd: root,
        stdio: "ignore",
      });
      if (status !== 0) throw new Error("codegen --check failed");
      return Number(process.hrtime.bigint() - start) / 1e9;
    });
    const own = median(seconds);
    return [{ what: "codegen, all versions", peers: "–", ours: `${own.toFixed(1)} s`, target: "≤ 8 s", met: own <= 8 }];
  },
  types: async () => {
    const costs = (await measureApart("../../sdk/types/cost.ts")) as Record<string, number>;
    const seconds = costs["1.6 and 2.0.1"] ?? Number.NaN;
    return [
      {
        what: "type-checking a program that uses v16 and v201, beyond an empty one, TypeScript 6",
        peers: "–",
        ours: `${seconds.toFixed(2)} s`,
        target: "≤ 0.5 s",
        met: seconds <= 0.5,
      },
    ];
  },
  csms: csmsFigures,
};

const { values } = parseArgs({
  options: { only: { type: "string" }, write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help === true) {
  process.stdout.write(`${help}\n`);
  process.exit(0);
}
const chosen = values.only?.split(",") ?? Object.keys(measures);
const figures: Figure[] = [];
for (const name of chosen) {
  const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
  if (measure === undefined) {
    process.stderr.write(
      `There is no measure ${JSON.stringify(name)}; there are ${Object.keys(measures).join(", ")}.\n`,
    );
    process.exit(2);
  }
  process.stderr.write(`measuring ${name} ...\n`);
  const found = await measure();
  figures.push(...found);
  process.stderr.write(`${tableOf(found)}\n`);
}
const table = tableOf(figures);
process.stdout.write(`${table}\n`);
if (values.write === true) {
  const readme = new URL("../../../README.md", import.meta.url);
  const text = readFileSync(readme, "utf8");
  const markers = /(<!-- bench:begin -->\n)([\s\S]*?)(\n<!-- bench:end -->)/;
  if (!markers.test(text)) throw new Error("README.md has no bench markers");
  const written = text.replace(
    markers,
    (_, begin: string, old: string, end: string) => `${begin}${mergedTable(old, table)}${end}`,
  );
  writeFileSync(readme, written);
}
