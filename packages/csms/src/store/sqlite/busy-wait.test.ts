import { manualClock } from "@ocpp/core";
import { expect, test } from "vitest";
import { createBusyWait } from "./busy-wait.ts";
import { sqliteError } from "./sqlite-error.ts";

const busy = sqliteError({ code: "SQLITE_BUSY", message: "database is locked" });

test("work that finds the file held is repeated until it is free", async () => {
  const clock = manualClock();
  let tries = 0;
  const done = createBusyWait(
    clock,
    5_000,
  )(async () => {
    tries += 1;
    if (tries < 4) throw busy;
    return tries;
  });
  await clock.advance(1_000);
  expect([await done, clock.timers]).toEqual([4, 0]);
});

test("it is given up when its time is over, with the error of the last try", async () => {
  const clock = manualClock();
  const done = expect(createBusyWait(clock, 5_000)(() => Promise.reject(busy))).rejects.toBe(busy);
  await clock.advance(5_000);
  await done;
});

test.each([
  sqliteError({ code: "SQLITE_BUSY_SNAPSHOT", message: "" }),
  sqliteError({ code: "SQLITE_FULL", message: "" }),
  new Error("SQLITE_BUSY"),
])("any other error is no reason to repeat it: %s", async (error) => {
  let tries = 0;
  const work = createBusyWait(
    manualClock(),
    5_000,
  )(() => {
    tries += 1;
    return Promise.reject(error);
  });
  await expect(work).rejects.toBe(error);
  expect(tries).toBe(1);
});
