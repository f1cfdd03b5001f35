import type { Report } from "@ocpp/core";
import { expect, test } from "vitest";
import type { Log } from "../observability/logging.ts";
import { createReporter, type DroppedCall } from "./gateway.ts";

/** What core reports of a call that was received and not handled to its end. */
const dropped: Report = { type: "call-dropped", action: "StopTransaction", messageId: "17", why: "timeout" };

test("a call that was dropped is logged by its action and message id, or handed on while the CSMS ends", () => {
  const lines: unknown[] = [];
  const write = (fields: object, text: string): void => void lines.push([fields, text]);
  const log: Log = { debug: () => {}, info: () => {}, warn: write, error: write, part: () => log };
  const taken: DroppedCall[] = [];
  let ending = false;
  const report = createReporter({
    log,
    refused: { add: () => {}, close: () => {} },
    drop: (call) => {
      if (ending) taken.push(call);
      return ending;
    },
  });
  const call = { stationId: "CS1", action: "StopTransaction", messageId: "17" };
  report(dropped, "CS1");
  expect(lines).toEqual([[{ ...call, why: "timeout" }, "A message was dropped before it was handled to its end"]]);
  ending = true;
  report(dropped, "CS1");
  expect([taken, lines.length]).toEqual([[call], 1]);
});
