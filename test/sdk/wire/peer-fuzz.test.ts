import { connectPeer, manualClock, memoryPair, type Report, type Side } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bench } from "./bench.ts";
import { frameText } from "./frame-arbitrary.ts";
import { expectWellFormed, typeOf } from "./frame-form.ts";
import { emptyCall, emptyCallResponse, endpointOf, protocolOf, type Version, versions } from "./version.ts";

const runs = Number(process.env["OCPP_FUZZ_RUNS"] ?? 400);
const subjects = versions.flatMap((version) => (["station", "csms"] as const).map((side) => ({ version, side })));

function begin(version: Version, side: Side) {
  const clock = manualClock();
  const received: string[] = [];
  const reports: Report[] = [];
  const bench = new Bench();
  const [near, far] = memoryPair(protocolOf[version].subprotocol, { clock });
  const peer = connectPeer(
    near,
    endpointOf(version, side, () => bench),
    { clock, report: (met) => reports.push(met) },
  );
  far.start({ message: (text) => received.push(text), closed: () => {} });
  return { clock, far, peer, received, reports };
}

describe.each(subjects)("a $side of $version that is sent anything", ({ version, side }) => {
  it("answers each frame at most once, in its version's form, and lives on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frameText(version), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (texts, waits) => {
          const { clock, far, peer, received } = begin(version, side);
          let ends = 0;
          if (waits) {
            const other = side === "csms" ? "station" : "csms";
            peer.callByName(emptyCall[other], {}, { messageId: "own", timeout: 1_000 }).then(
              () => (ends += 1),
              () => (ends += 1),
            );
            await clock.settle();
            received.length = 0;
          }
          for (const text of texts) {
            const before = received.length;
            far.send(text);
            await clock.settle();
            const answers = received.slice(before).map((answer) => expectWellFormed(version, answer));
            expect(answers.length).toBeLessThanOrEqual(1);
            const [type, id] = answers[0] ?? [];
            const asked = typeOf(text);
            if (asked === 3 || asked === 4 || asked === 5 || asked === 6) {
              // 5 and 6 are message types only since 2.1; to 2.0.1 they are unknown ones, which it answers (§4.4).
              const unknown = version === "2.0.1" && (asked === 5 || asked === 6);
              if (!unknown) expect(type === undefined || (asked === 3 && type === 5 && version === "2.1")).toBe(true);
            }
            if (type === 5) expect(id).toBe("own");
            if (type === 2 || type === 6) expect.unreachable("Nobody asked the peer to call");
          }
          const before = received.length;
          far.send(JSON.stringify([2, "alive", emptyCall[side], {}]));
          await clock.settle();
          expect(received.slice(before).map((text) => JSON.parse(text) as unknown)).toEqual([
            [3, "alive", emptyCallResponse(version, emptyCall[side])],
          ]);
          await clock.advance(1_000);
          expect(ends).toBe(waits ? 1 : 0);
          expect(peer.state).toBe("open");
          expect(clock.timers).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });
});
