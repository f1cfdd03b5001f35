import { strict as assert } from "node:assert";
import { connectPeer, csms, manualClock, memoryNetwork, memoryPair, OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

// #region pair
const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} is not under test`);
};
// What is under test. In your project it comes from your own module.
const myStation = station(v201, { Reset: () => ({ status: "Accepted" }) }, { fallback });
const testCsms = csms(
  v201,
  {
    BootNotification: () => ({ status: "Accepted", currentTime: "2026-01-01T00:00:00Z", interval: 300 }),
    Heartbeat: () => ({ currentTime: "2026-01-01T00:00:00Z" }),
  },
  { fallback },
);

const [stationEnd, csmsEnd] = memoryPair("ocpp2.0.1");
const cs = connectPeer(stationEnd, myStation, { identity: "CS001" });
const sys = connectPeer(csmsEnd, testCsms, { identity: "CS001" });

assert.deepEqual(await sys.call("Reset", { type: "OnIdle" }), { status: "Accepted" });
assert.equal((await cs.call("Heartbeat", {})).currentTime, "2026-01-01T00:00:00Z");
await cs.close();
// #endregion pair
assert.equal(sys.state, "closed");

{
  // #region clock
  const clock = manualClock();
  const [stationEnd, csmsEnd] = memoryPair("ocpp2.0.1");
  const beats: number[] = [];
  connectPeer(
    csmsEnd,
    csms(
      v201,
      {
        Heartbeat: (_request, { receivedAt }) => {
          beats.push(receivedAt);
          return { currentTime: new Date(receivedAt).toISOString() };
        },
      },
      { fallback },
    ),
    { clock },
  );
  const cs = connectPeer(stationEnd, myStation, { clock });

  const beat = (): void => {
    void cs.call("Heartbeat", {});
    clock.setTimer(beat, 300_000);
  };
  clock.setTimer(beat, 300_000);

  await clock.advance(24 * 3_600_000); // A day, in a few milliseconds.
  assert.equal(beats.length, 288);
  // #endregion clock
}

{
  // #region timeout
  const clock = manualClock();
  const [stationEnd, csmsEnd] = memoryPair("ocpp2.0.1", { fault: ({ from }) => (from === 1 ? "drop" : "deliver") });
  connectPeer(csmsEnd, testCsms, { clock });
  const cs = connectPeer(stationEnd, myStation, { clock });

  const outcome = assert.rejects(cs.call("Heartbeat", {}), { name: "ConnectionError", code: "timeout" });
  await clock.advance(30_000);
  await outcome;
  assert.equal(clock.timers, 0); // Nothing was left behind.
  // #endregion timeout
}

{
  // #region faults
  const network = memoryNetwork({
    fault: ({ from, index }) => {
      if (from === 1 && index === 1) return "hold"; // The first answer is late: it arrives on the next connection.
      return "deliver";
    },
  });
  const clock = manualClock();
  const reports: string[] = [];
  const open = () => {
    const [stationEnd, csmsEnd] = network.connect("ocpp2.0.1");
    connectPeer(csmsEnd, testCsms, { clock });
    return connectPeer(stationEnd, myStation, { clock, report: ({ type }) => reports.push(type) });
  };

  const first = open();
  const unanswered = assert.rejects(first.call("Heartbeat", {}), { name: "ConnectionError", code: "closed" });
  await clock.settle();
  await first.close({ timeout: 0 });
  await unanswered;

  const second = open();
  await second.call("Heartbeat", {});
  assert.deepEqual(reports, ["unexpected-answer"]); // Seen, and taken for nobody's answer.
  // #endregion faults
}

{
  // #region fast
  const clock = manualClock();
  const slow = station(
    v201,
    {
      Reset: async (_request, { signal }) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        });
        return { status: "Accepted" };
      },
    },
    { fallback },
  );
  const [stationEnd, csmsEnd] = memoryPair("ocpp2.0.1");
  connectPeer(stationEnd, slow, { clock, handlerTimeout: 5_000 });
  const sys = connectPeer(csmsEnd, testCsms, { clock });

  const outcome = assert.rejects(sys.call("Reset", { type: "OnIdle" }), { code: "InternalError" });
  await clock.advance(5_000);
  await outcome;
  // #endregion fast
}
