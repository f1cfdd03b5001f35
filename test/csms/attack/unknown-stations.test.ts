import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Player, play } from "../conformance/support/player.ts";
import { openStage, type Stage } from "../hostile/stage.ts";
import { type Crowd, startCrowd } from "./crowd.ts";
import type { CrowdAnswer } from "./crowd-job.ts";
import { scaled } from "./scale.ts";

/* Whoever makes up identities, one after the other, must neither fill the disk nor delay what is real. */

const perSecond = scaled(1_000, 1_400);
const seconds = scaled(1.5, 20);
const names = Math.round(perSecond * seconds);

let crowd: Crowd;
let stage: Stage | undefined;
let receiver: Server;
/** The events that were delivered: their kinds by station. */
let begun: number;
let delivered: { readonly kind: string; readonly stationId: string | null }[];

beforeAll(async () => {
  crowd = await startCrowd();
});
afterAll(() => {
  crowd.close();
});
beforeEach(async () => {
  delivered = [];
  begun = performance.now();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      delivered.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof delivered)[number]);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await stage?.close();
  stage = undefined;
  receiver.closeAllConnections();
  receiver.close();
});

/** A CSMS with a webhook that wants everything, and a station that was entered. */
async function open(
  unknown: "refuse" | "pending" | "accept",
): Promise<{ readonly stage: Stage; readonly real: Player }> {
  stage = await openStage({
    stations: { unknown },
    webhooks: { allowedNetworks: ["127.0.0.0/8"] },
    log: { level: "info" },
  });
  const { operator, url } = stage;
  await operator.post("/api/v1/stations", { id: "REAL", registration: "Accepted" });
  const { port } = receiver.address() as AddressInfo;
  await operator.post("/api/v1/webhooks", { url: `http://127.0.0.1:${port}/` });
  return { stage, real: await play({ url, identity: "REAL" }) };
}

/** Names that nobody has entered, each once, from an address of their own. */
async function attack({ url }: Stage): Promise<readonly CrowdAnswer[]> {
  const stations = Array.from({ length: names }, (_none, index) => ({ identity: `MADE-UP-${index}` }));
  const { answers } = await crowd.run({ url, from: "127.0.0.2", stations, perSecond });
  return answers;
}

/**
 * The statuses of answers, but for handshakes that a machine which is busy lets time out (408) or that got no connection (0):
 * those are no verdict. At 1,400 a second two cores are busy; the short form is to have a verdict on nearly all.
 */
function verdicts(answers: readonly CrowdAnswer[]): Set<number> {
  const judged = answers.filter(({ status }) => status !== 408 && status !== 0);
  expect(judged.length).toBeGreaterThanOrEqual(answers.length * scaled(0.9, 1 / 3));
  return new Set(judged.map(({ status }) => status));
}

/** How many rows there are of each of these tables. */
async function rowsOf({ csms, operator }: Stage) {
  const { store } = csms.services;
  // Whoever lists them has what was noted written.
  await operator.get("/api/v1/unknown-stations?limit=1");
  // A write stands behind everything that was appended.
  await store.write(store.reader.deleteFrom("tokens").where("id", "=", -1));
  const count = async (table: "deliveries" | "events" | "knocks" | "logs" | "stations"): Promise<number> => {
    const { number } = await store.reader
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as("number"))
      .executeTakeFirstOrThrow();
    return number;
  };
  return {
    deliveries: await count("deliveries"),
    events: await count("events"),
    knocks: await count("knocks"),
    logs: await count("logs"),
    stations: await count("stations"),
  };
}

/** How many seconds have gone by in this test; less than one where the machine has nothing else to do than its attack. */
const elapsed = (): number => Math.ceil((performance.now() - begun) / 1_000);
/** How often the CSMS may tell of unknown stations in that time: 60 at once and 60 a minute; some more for lines of a log. */
const told = (): number => 60 + elapsed() + 20;
/** How long an event of a real station may take to its webhook, in milliseconds; a machine that is busy is slow itself. */
const bearable = scaled(15_000, 5_000);

/** Boots over and over while something goes on, and waits each time until the webhook tells of it; the longest wait. */
async function longestDelay(real: Player, going: Promise<unknown>): Promise<number> {
  let done = false;
  void going.finally(() => {
    done = true;
  });
  const ended = (): boolean => done;
  let longest = 0;
  const told = (): number =>
    delivered.filter(({ kind, stationId }) => kind === "station.booted" && stationId === "REAL").length;
  do {
    const before = told();
    const begin = performance.now();
    await real.say("BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } });
    await expect.poll(told, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before);
    longest = Math.max(longest, performance.now() - begin);
  } while (!ended());
  return longest;
}

describe("identities that somebody makes up", () => {
  it("are refused, listed within limits, and delay no event of a real station", { timeout: 300_000 }, async () => {
    const { stage: csms, real } = await open("refuse");
    const before = await rowsOf(csms);
    const attacked = attack(csms);
    const delay = await longestDelay(real, attacked);
    expect(verdicts(await attacked)).toEqual(new Set([404]));
    const after = await rowsOf(csms);
    const refused = delivered.filter(({ kind }) => kind === "station.refused").length;
    expect(after.knocks).toBeLessThanOrEqual(1_000);
    expect(after.knocks).toBeGreaterThan(50);
    // 60 a minute, and what the real station and its boots make.
    const own = delivered.filter(({ stationId }) => stationId === "REAL").length;
    expect(refused).toBeLessThanOrEqual(told());
    expect(after.events - before.events).toBeLessThanOrEqual(own + told());
    expect(after.deliveries - before.deliveries).toBeLessThanOrEqual(own + told());
    expect(after.logs - before.logs).toBeLessThanOrEqual(own + told());
    expect(delay).toBeLessThan(bearable);
    // One who installs a station elsewhere finds it in the list.
    await expect(play({ url: csms.url, identity: "INSTALLED" })).rejects.toMatchObject({ status: 404 });
    expect(JSON.stringify(await csms.operator.get("/api/v1/unknown-stations?limit=1000"))).toContain("INSTALLED");
  });

  it("are taken in within limits where unknown stations are", { timeout: 300_000 }, async () => {
    const { stage: csms, real } = await open("pending");
    // A real one is there before, and connected.
    const waiting = await play({ url: csms.url, identity: "WAITING" });
    const before = await rowsOf(csms);
    const attacked = attack(csms);
    const delay = await longestDelay(real, attacked);
    expect(verdicts(await attacked)).toEqual(new Set([101, 429]));
    const after = await rowsOf(csms);
    // Half of the 1,000 of an hour, from one address.
    expect(after.stations - before.stations).toBeLessThanOrEqual(500 + elapsed());
    const own = delivered.filter(({ stationId }) => stationId === "REAL").length;
    // Each may be an event of the log beside its own, two of a connection.
    expect(after.events - before.events).toBeLessThanOrEqual(own + 3 * told());
    expect(delay).toBeLessThan(bearable);
    // Another address has additions left.
    const another = await play({ url: csms.url, identity: "ANOTHER", socket: { localAddress: "127.0.0.3" } });
    for (const player of [waiting, another]) {
      const boot = { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } };
      expect(await player.say("BootNotification", boot)).toMatchObject({ status: "Pending" });
      await player.close();
    }
  });
});
