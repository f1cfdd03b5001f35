import { connectPeer, manualClock, memoryPair, type Report } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { Bench } from "./bench.ts";
import { type Case, casesOf, isText, readCorpus, textOf } from "./corpus.ts";
import { type Subject, tryFrame } from "./trial.ts";
import { endpointOf, protocolOf } from "./version.ts";

const corpus = readCorpus();

/** A peer in memory, and the bare other end of its connection. */
function makeSubject({ version, side }: Case): { subject: Subject; end: () => Promise<number> } {
  const clock = manualClock();
  const bench = new Bench();
  const received: string[] = [];
  const reports: Report[] = [];
  let closed: number | undefined;
  const [near, far] = memoryPair(protocolOf[version].subprotocol, { clock });
  const peer = connectPeer(
    near,
    endpointOf(version, side, () => bench),
    {
      clock,
      concurrency: 4,
      report: (report) => reports.push(report),
    },
  );
  far.start({
    message: (text) => received.push(text),
    closed: (code) => {
      closed = code;
    },
  });
  return {
    subject: {
      bench,
      received,
      reports,
      closed: () => closed,
      put: (frame) => {
        if (!isText(frame)) throw new Error("This frame needs a WebSocket");
        far.send(textOf(frame));
      },
      call: (action, request, messageId) => peer.callByName(action, request, { messageId }),
      until: async (condition) => {
        await clock.settle();
        expect(condition()).toBe(true);
      },
    },
    end: async () => {
      await peer.close({ timeout: 0 });
      await clock.settle();
      return clock.timers;
    },
  };
}

describe("a peer in memory, given a frame of the corpus", () => {
  it.each(casesOf(corpus.filter(({ frame }) => isText(frame))))("reacts as it must: $name", async (trial) => {
    const { subject, end } = makeSubject(trial);
    await tryFrame(trial, subject);
    expect(await end()).toBe(0);
  });
});
