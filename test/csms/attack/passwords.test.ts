import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operatorOf } from "../conformance/support/operator.ts";
import { type Program, startProgram } from "../durability/program.ts";
import { type Crowd, letInWithin, startCrowd, summary } from "./crowd.ts";
import { full, scaled } from "./scale.ts";

/*
 * Those who do not know the passwords must not keep those out who do, and neither must a restart. The stations connect from
 * 127.0.0.1, the attackers from there as well or from elsewhere; 100 identities are known to them.
 */

const known = 100;
/** Stations beside those, which come back after a restart. */
const others = scaled(0, 4_900);
const identities = Array.from({ length: known + others }, (_none, index) => `ATTACKED-${index}`);
const passwordOf = (identity: string): string => `a-password-of-${identity}`;
const right = (identity: string) => ({ identity, password: passwordOf(identity) });
const home = "127.0.0.1";
/** How long a right password may take, in milliseconds; in the short form the machine may be busy with other suites. */
const bearable = scaled(5_000, 2_000);

let folder: string;
let program: Program;
let crowd: Crowd;
/** Milliseconds that it took to enter the stations: about one slow hash each, as many at a time as there may be. */
let hashing: number;

async function start(): Promise<Program> {
  return await startProgram({ OCPP_CSMS_DATA: folder, OCPP_CSMS_STATIONS_UNKNOWN: "refuse" }).ready;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ocpp-attack-"));
  [program, crowd] = await Promise.all([start(), startCrowd()]);
  const operator = operatorOf(program.apiUrl);
  const begin = performance.now();
  const left = identities.toReversed();
  const enter = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      await operator.post("/api/v1/stations", { id, registration: "Accepted" });
      await operator.put(`/api/v1/stations/${id}/password`, { password: passwordOf(id) });
    }
  };
  await Promise.all(Array.from({ length: 8 }, enter));
  hashing = performance.now() - begin;
}, 1_200_000);

afterAll(async () => {
  crowd.close();
  await program.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

describe.each([
  { name: "from another address", from: "127.0.0.2", tried: identities.slice(0, known / 2) },
  { name: "from the address of the stations", from: home, tried: identities.slice(known / 2, known) },
])("wrong passwords for known identities, $name", ({ from, tried }) => {
  it("do not keep the right ones out, while they come and after", { timeout: 300_000 }, async () => {
    const seconds = scaled(2, 20);
    const attack = crowd.run({
      url: program.webSocketUrl,
      from,
      stations: Array.from({ length: 300 * seconds }, (_none, index) => ({
        identity: `ATTACKED-${index % known}`,
        password: `wrong-password-${index}`,
      })),
      perSecond: 300,
      hangUpAfter: 100,
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    // They come over the time of the attack and a second more.
    const { answers } = await crowd.run({
      url: program.webSocketUrl,
      from: home,
      stations: tried.map(right),
      perSecond: tried.length / (seconds + 0.5),
    });
    expect(letInWithin(answers, bearable), summary(answers)).toBeGreaterThanOrEqual(0.99);
    await attack;
    if (full) process.stdout.write(`Right passwords during the attack ${from}: ${summary(answers)}\n`);
  });
});

describe("a restart", () => {
  it("lets all stations back in at once", { timeout: 600_000 }, async () => {
    await program.stop();
    program = await start();
    const { answers, time } = await crowd.run({
      url: program.webSocketUrl,
      from: home,
      stations: identities.map(right),
      perSecond: 2_000,
      stay: true,
    });
    if (full) process.stdout.write(`${answers.length} stations were back after ${Math.round(time)} ms\n`);
    expect(letInWithin(answers, 30_000), summary(answers)).toBe(1);
    // The machine may be busy with other things: the few are measured by what their passwords cost when they were entered.
    expect(time, summary(answers)).toBeLessThan(full ? 10_000 : hashing / 2);
  });
});
