import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { FrameRow } from "../store/tables/observability.ts";
import { createFrameLog } from "./frame-log.ts";

const [database] = databases;
let store: Store;

beforeEach(async () => {
  if (database === undefined) throw new Error("There is no database");
  store = await database.open();
});

afterEach(() => database?.remove());

async function kept(
  frames: readonly [FrameRow["direction"], string][],
  configuration: object = {},
): Promise<FrameRow[]> {
  const log = createFrameLog(testInfrastructure(store, { configuration }));
  for (const [direction, text] of frames) log.add(direction, text, "CS001");
  // What is alone comes after everything that was appended before it.
  await store.transaction(async () => {});
  const rows = await store.reader.selectFrom("frames").selectAll().orderBy("id").execute();
  await store.write(store.reader.deleteFrom("frames"));
  return rows;
}

describe("the frame log", () => {
  it("reads the heads of frames", async () => {
    const rows = await kept([
      ["inbound", '[2,"a","Heartbeat",{}]'],
      ["outbound", ' [ 3 , "a" , {"currentTime":"2026"} ]'],
      ["outbound", '[2,"a","Reset",{"type":"Soft"}]'],
      ["inbound", '[4,"a","NotSupported","",{}]'],
      ["inbound", '[3,"late",{}]'],
      ["inbound", '[6,"s","NotifyPeriodicEventStream",{}]'],
      ["inbound", "hello"],
      ["inbound", '[99,"x"]'],
      ["inbound", '[2,7,"Heartbeat",{}]'],
    ]);
    expect(rows.map(({ type, message_id, action }) => [type, message_id, action])).toEqual([
      [2, "a", "Heartbeat"],
      [3, "a", "Heartbeat"],
      [2, "a", "Reset"],
      [4, "a", "Reset"],
      [3, "late", null],
      [6, "s", "NotifyPeriodicEventStream"],
      [0, null, null],
      [0, "x", null],
      [2, "7", "Heartbeat"],
    ]);
    expect(rows[6]?.body).toBe("hello");
  });

  it("gives a CALLRESULTERROR the action of the call whose answer it refuses, in both directions (OCPP-J 2.1 §4.2.3)", async () => {
    const rows = await kept([
      ["outbound", '[2,"a","GetVariables",{}]'],
      ["inbound", '[3,"a",{}]'],
      ["outbound", '[5,"a","FormatViolation","",{}]'],
      ["inbound", '[2,"a","Heartbeat",{}]'],
      ["outbound", '[3,"a",{}]'],
      ["inbound", '[2,"b","StatusNotification",{}]'],
      ["inbound", '[5,"a","FormatViolation","",{}]'],
      ["inbound", '[5,"a","FormatViolation","",{}]'],
      ["outbound", '[5,"never","FormatViolation","",{}]'],
    ]);
    expect(rows.map(({ type, action }) => [type, action])).toEqual([
      [2, "GetVariables"],
      [3, "GetVariables"],
      [5, "GetVariables"],
      [2, "Heartbeat"],
      [3, "Heartbeat"],
      [2, "StatusNotification"],
      [5, "Heartbeat"],
      [5, null],
      [5, null],
    ]);
  });

  it("reads ids that break the rules: numbers as they were written, and long texts", async () => {
    const rows = await kept([
      ["inbound", '[2,1e3,"Heartbeat",{}]'],
      ["outbound", "[3,1e3,{}]"],
      ["inbound", '[2,-1.50,"Heartbeat",{}]'],
      ["inbound", `[2,"${"x".repeat(200)}","Heartbeat",{}]`],
      ["inbound", `[2,"${"y".repeat(3_000)}","Heartbeat",{}]`],
      ["outbound", `[3,"${"y".repeat(3_000)}",{}]`],
    ]);
    expect(rows.map(({ message_id, action }) => [message_id, action])).toEqual([
      ["1e3", "Heartbeat"],
      ["1e3", "Heartbeat"],
      ["-1.50", "Heartbeat"],
      ["x".repeat(200), "Heartbeat"],
      ["y".repeat(200), "Heartbeat"],
      ["y".repeat(200), "Heartbeat"],
    ]);
  });

  it("keeps no bodies where it shall not, and never a password", async () => {
    const secret = '[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":"00112233445566778899"}]';
    expect((await kept([["outbound", secret]]))[0]?.body).not.toContain("0011223344");
    expect(await kept([["outbound", secret]], { messageLog: { bodies: false } })).toMatchObject([
      { type: 2, action: "ChangeConfiguration", body: "" },
    ]);
  });

  it("keeps the beginning of a long frame, and tells of the whole", async () => {
    const frame = `[2,"a","DataTransfer",{"vendorId":"A","data":"${"é".repeat(1_000)}"}]`;
    const [row] = await kept([["inbound", frame]], { messageLog: { maxBody: 1_024 } });
    expect(row).toMatchObject({ message_id: "a", action: "DataTransfer", length: Buffer.byteLength(frame) });
    expect(row?.digest).toBe(createHash("sha256").update(frame).digest("hex"));
    expect(frame.startsWith(row?.body ?? "-")).toBe(true);
    expect(Buffer.byteLength(row?.body ?? "")).toBeGreaterThan(1_000);
    const [whole] = await kept([["inbound", frame]], { messageLog: { maxBody: 4_096 } });
    expect(whole).toMatchObject({ body: frame, length: null, digest: null });
  });

  it("tells the length and the digest of a text without its secrets", async () => {
    const frame = (secret: string): string =>
      `[2,"a","X",{"data":"${"x".repeat(2_000)}","key":"AuthorizationKey","value":"${secret}"}]`;
    const rows = await kept(
      ["00112233445566", "77889900"].map((secret) => ["outbound", frame(secret)]),
      { messageLog: { maxBody: 1_024 } },
    );
    expect(rows[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[1]).toMatchObject({ digest: rows[0]?.digest, length: rows[0]?.length });
  });

  it("gives any answer the action of its call, as long as few wait", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string({ maxLength: 36 }), { minLength: 1, maxLength: 20 }), async (ids) => {
        const calls = ids.map((id, index): [FrameRow["direction"], string] => [
          "inbound",
          JSON.stringify([2, id, `Action${index}`, {}]),
        ]);
        const answers = ids.map((id): [FrameRow["direction"], string] => ["outbound", JSON.stringify([3, id, {}])]);
        const rows = await kept([...calls, ...answers]);
        expect(rows.slice(ids.length).map(({ action }) => action)).toEqual(ids.map((_id, index) => `Action${index}`));
      }),
      { numRuns: 30 },
    );
  });
});
