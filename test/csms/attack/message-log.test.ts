import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Operator, operatorOf } from "../conformance/support/operator.ts";
import { play } from "../conformance/support/player.ts";
import { useCleanup } from "../durability/cleanup.ts";
import { sqliteDatabase } from "../durability/database.ts";
import { type Program, startProgram } from "../durability/program.ts";
import { inflatingStation } from "./inflating-frames.ts";
import { scaled } from "./scale.ts";

const cleanup = useCleanup();
const megabyte = 1_048_576;
const password = "a-password-of-the-attack";
const boot = { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } };

/** A DataTransfer of a little less than what a message may have. */
const large = (messageId: string): string =>
  JSON.stringify([2, messageId, "DataTransfer", { vendorId: "A", data: "x".repeat(1_040_000) }]);

interface Attacked {
  readonly program: Program;
  readonly operator: Operator;
  /** How many bytes the files of the database take. */
  readonly stored: () => Promise<number>;
}

/** Starts a CSMS whose heap is as small as that of a small machine, with the stations that are named. */
async function attacked(
  stations: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Attacked> {
  const database = await sqliteDatabase();
  cleanup(() => database.remove());
  const started = startProgram({
    ...database.variables,
    NODE_OPTIONS: "--max-old-space-size=320",
    OCPP_CSMS_STATIONS_UNKNOWN: "refuse",
    OCPP_CSMS_WEB_SOCKET_CALL_RATE_PER_SECOND: "100",
    OCPP_CSMS_LOG_LEVEL: "error",
    ...variables,
  });
  cleanup(() => started.kill());
  const program = await started.ready;
  const operator = operatorOf(program.apiUrl);
  for (const id of stations) {
    await operator.post("/api/v1/stations", { id, registration: "Accepted", password });
  }
  const folder = join(database.file, "..");
  return {
    program,
    operator,
    stored: async () => {
      const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
  };
}

/** The most memory that a process has held, in bytes; undefined where the system does not tell. */
async function peakOf({ pid }: Program): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1_024;
}

/** Reads a list to its end by its links; tells its entries, and how long its longest page is. */
async function readAll<Entry>(apiUrl: string, path: string): Promise<{ entries: Entry[]; longest: number }> {
  let next: string | undefined = path;
  const entries: Entry[] = [];
  let longest = 0;
  while (next !== undefined) {
    const response: Response = await fetch(new URL(next, apiUrl));
    expect(response.status).toBe(200);
    const text = await response.text();
    entries.push(...(JSON.parse(text) as Entry[]));
    longest = Math.max(longest, text.length);
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return { entries, longest };
}

/** Asks for all of these at once, and expects that each is answered with 200 and in a length that is bounded. */
async function expectAnswered(apiUrl: string, paths: readonly string[]): Promise<void> {
  const answers = await Promise.all(
    paths.map(async (path) => {
      const response = await fetch(new URL(path, apiUrl));
      return { path, status: response.status, length: (await response.text()).length };
    }),
  );
  for (const { path, status, length } of answers) {
    expect(status, path).toBe(200);
    expect(length, path).toBeLessThan(12 * megabyte);
  }
}

describe("a station with a password whose small frames inflate to a megabyte", () => {
  it("fills neither the disk nor the memory, and what is kept can be read", { timeout: 300_000 }, async () => {
    const { program, operator, stored } = await attacked(["ATTACKER", "WITNESS"]);
    const witness = await play({ url: program.webSocketUrl, identity: "WITNESS", password });
    cleanup(() => witness.close());
    await witness.say("BootNotification", boot);
    const attacker = await inflatingStation(program.webSocketUrl, "ATTACKER", password, large);
    cleanup(() => attacker.close());

    const frames = scaled(200, 3_000);
    const before = await stored();
    await attacker.send(frames);
    await attacker.settled();
    expect(await witness.say("Heartbeat", {})).toHaveProperty("currentTime");
    expect(attacker.tally.wire).toBeLessThan(frames * 1_200);
    expect(attacker.tally.results + attacker.tally.errors).toBeGreaterThanOrEqual(frames);
    expect((await stored()) - before, "bytes of the database").toBeLessThan(frames * 80_000 + 80 * megabyte);

    const [cut] = await operator.get<{ frame: string; truncated: boolean; length: number; digest: string }[]>(
      "/api/v1/messages?stationId=ATTACKER&direction=inbound&action=DataTransfer&limit=1",
    );
    expect(cut).toMatchObject({ truncated: true, length: large("0".repeat(36)).length });
    expect(cut?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(cut?.frame.length).toBeLessThanOrEqual(65_536);

    expect(program.running).toBe(true);
    const peak = await peakOf(program);
    if (peak !== undefined) expect(peak, "peak of memory").toBeLessThan(700 * megabyte);
  });

  it("leaves lists that can be read by many at once", { timeout: 300_000 }, async () => {
    const { program, operator } = await attacked(["ATTACKER"], {
      OCPP_CSMS_WEB_SOCKET_CALL_RATE_PER_SECOND: "0",
      // As an operator may want it, and as databases of earlier versions are: every frame whole.
      OCPP_CSMS_MESSAGE_LOG_MAX_BODY: "2M",
    });
    const charging = (messageId: string, seqNo: number): string =>
      JSON.stringify([
        2,
        messageId,
        "TransactionEvent",
        {
          eventType: "Updated",
          timestamp: new Date(1_700_000_000_000 + seqNo).toISOString(),
          triggerReason: "MeterValuePeriodic",
          seqNo,
          transactionInfo: { transactionId: "T1" },
          customData: { vendorId: "A", data: "x".repeat(1_040_000) },
        },
      ]);
    const attacker = await inflatingStation(program.webSocketUrl, "ATTACKER", password, charging);
    cleanup(() => attacker.close());
    // One at a time, since those that would have to wait are refused.
    const frames = scaled(64, 640);
    for (let sent = 0; sent < frames; sent += 1) {
      await attacker.send(1);
      await attacker.settled();
    }
    expect(attacker.tally.results).toBeGreaterThan(frames / 2);
    const transactions = await operator.get<{ id: number }[]>("/api/v1/transactions");
    const payloads = `/api/v1/transactions/${transactions[0]?.id}/events?limit=1000`;
    await expectAnswered(program.apiUrl, [
      ...Array.from({ length: 6 }, () => "/api/v1/messages?limit=400"),
      "/api/v1/messages?limit=1000",
      "/api/raw-logs?limit=1000",
      "/api/v1/messages?limit=1000&text=nowhere",
      ...Array.from({ length: 4 }, () => payloads),
      "/api/v1/events?limit=1000",
    ]);
    const { entries, longest } = await readAll<{ payload: { customData: { data: string } } }>(program.apiUrl, payloads);
    expect(entries).toHaveLength(32);
    // What belongs to a transaction is whole.
    for (const { payload } of entries) expect(payload.customData.data).toHaveLength(1_040_000);
    expect(longest).toBeLessThan(12 * megabyte);
    expect(program.running).toBe(true);
    const peak = await peakOf(program);
    if (peak !== undefined) expect(peak, "peak of memory").toBeLessThan(700 * megabyte);
  });

  it("pushes nobody else's messages out of the log", { timeout: 300_000 }, async () => {
    const most = scaled(2, 16) * megabyte;
    const { program, operator, stored } = await attacked(["ATTACKER", "QUIET", "CALM"], {
      OCPP_CSMS_RETENTION_FRAMES_SIZE: String(most),
      OCPP_CSMS_WEB_SOCKET_CALL_RATE_PER_SECOND: "0",
    });
    const honest = await Promise.all(
      ["QUIET", "CALM"].map((identity) => play({ url: program.webSocketUrl, identity, password })),
    );
    const beats = 20;
    for (const player of honest) {
      cleanup(() => player.close());
      await player.say("BootNotification", boot);
      for (let count = 0; count < beats; count += 1) await player.say("Heartbeat", {});
    }
    const attacker = await inflatingStation(program.webSocketUrl, "ATTACKER", password, large);
    cleanup(() => attacker.close());
    const limit = (): Promise<unknown> => operator.post("/api/v1/background-services/log-sizes/run", {});
    let largest = 0;
    const rounds = scaled(2, 8);
    const frames = scaled(60, 200);
    for (let round = 0; round < rounds; round += 1) {
      await attacker.send(frames);
      await attacker.settled();
      await limit();
      largest = Math.max(largest, await stored());
    }
    // What one round adds to what may stay, the write-ahead log, and the rest of the database.
    expect(largest, "bytes of the database").toBeLessThan(most + frames * 70_000 + 100 * megabyte);
    const { entries } = await readAll<{ stationId: string; frame: string }>(
      program.apiUrl,
      "/api/v1/messages?limit=1000",
    );
    const bytes = entries.reduce((sum, { frame }) => sum + frame.length, 0);
    expect(bytes).toBeLessThan(most + megabyte);
    expect(bytes).toBeGreaterThan(most / 2);
    for (const identity of ["QUIET", "CALM"]) {
      const own = entries.filter(({ stationId }) => stationId === identity);
      expect(own, identity).toHaveLength(2 * (beats + 1));
    }
  });
});
