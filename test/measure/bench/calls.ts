import { bare, type Contender, ocppRpc, ours } from "./contender.ts";
import { median } from "./figure.ts";
import { traffic } from "./traffic.ts";

/**
 * CPU time per call over 50 connections, both ends in this process, for each contender in turns; prints the medians of
 * the ratios to bare `ws`.
 */

const connections = 50;
const rounds = 15;
const callsPerClient = Number(process.argv[2] ?? 120);

async function run(contender: Contender): Promise<number> {
  const start = process.cpuUsage();
  await Promise.all(
    contender.clients.map(async (call) => {
      for (let turn = 0; turn < callsPerClient; turn += 1) {
        const [action, request] = traffic[turn % traffic.length] ?? traffic[0];
        await call(action, request);
      }
    }),
  );
  const { user, system } = process.cpuUsage(start);
  return (user + system) / (contender.clients.length * callsPerClient);
}

const only = process.argv[3];
const contenders =
  only === undefined
    ? [await bare(connections), await ours(connections), await ocppRpc(connections)]
    : [await ours(connections)];
for (let warmUp = 0; warmUp < 4; warmUp += 1) for (const contender of contenders) await run(contender);
const times = contenders.map((): number[] => []);
for (let round = 0; round < rounds; round += 1) {
  for (const [index, contender] of contenders.entries()) times[index]?.push(await run(contender));
}
const [base = []] = times;
const result = Object.fromEntries(
  contenders.map(({ name }, index) => {
    const own = times[index] ?? [];
    return [
      name,
      { microseconds: median(own), ratio: median(own.map((time, round) => time / (base[round] ?? Number.NaN))) },
    ];
  }),
);
for (const contender of contenders) await contender.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
