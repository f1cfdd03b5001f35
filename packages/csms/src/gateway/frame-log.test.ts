import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testPlatform } from "../services/platform.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { FrameRow } from "../store/tables.ts";
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
  const log = createFrameLog(testPlatform(store, { configuration }));
  for (const [direction, text] of frames) log.add(direction, text, "CS001");
  await store.write(store.reader.deleteFrom("knocks"));
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

  it("keeps no bodies where it shall not, and never a password", async () => {
    const secret = '[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":"00112233445566778899"}]';
    expect((await kept([["outbound", secret]]))[0]?.body).not.toContain("0011223344");
    expect(await kept([["outbound", secret]], { messageLog: { bodies: false } })).toMatchObject([
      { type: 2, action: "ChangeConfiguration", body: "" },
    ]);
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
