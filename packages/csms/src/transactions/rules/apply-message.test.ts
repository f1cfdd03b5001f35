import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyMessage,
  closeProvisionally,
  combineReasons,
  requestStop,
  type TransactionMessage,
} from "./apply-message.ts";
import { newTransaction, type TransactionState } from "./state.ts";
import { energyOf, meterStart, meterStop, remarksOf } from "./totals.ts";

const rules = { futureTolerance: 300_000, masterPassGroupId: "MASTER" };
const start = Date.UTC(2026, 2, 1, 12);

function message(
  type: TransactionMessage["type"],
  seqNo: number,
  changes: Partial<TransactionMessage> = {},
): TransactionMessage {
  const at = start + seqNo * 60_000;
  return { type, seqNo, at, time: new Date(at).toISOString(), receivedAt: at + 1000, readings: [], ...changes };
}

function token(id: string, groupId: string | null = null, status = "Accepted"): TransactionMessage["token"] {
  return { id, type: "ISO14443", groupId, status };
}

function apply(...messages: readonly TransactionMessage[]): TransactionState {
  return messages.reduce((state, one) => applyMessage(state, one, rules).state, newTransaction(start));
}

/** Whether each of the messages, one after another, left a gap. */
function gaps(...messages: readonly TransactionMessage[]): boolean[] {
  let state = newTransaction(start);
  return messages.map((one) => {
    const applied = applyMessage(state, one, rules);
    ({ state } = applied);
    return applied.gap;
  });
}

function totals(state: TransactionState) {
  const { startedAt, stoppedAt, stopReason, complete, provisional, register, registerAt, numbers, offline } = state;
  return {
    startedAt,
    stoppedAt,
    stopReason,
    complete,
    provisional,
    register,
    registerAt,
    numbers,
    offline,
    meterStart: meterStart(state),
    meterStop: meterStop(state),
    remarks: remarksOf(state),
  };
}

describe("a transaction", () => {
  it("runs from start to end", () => {
    const state = apply(
      message("Started", 0, {
        evseId: 1,
        connectorId: 1,
        token: token("A", "G"),
        begin: 100,
        chargingState: "EVConnected",
      }),
      message("Updated", 1, { readings: [{ at: start + 60_000, register: 150 }], chargingState: "Charging" }),
      message("Ended", 2, { end: 300, stoppedReason: "EVDisconnected", chargingState: "Idle" }),
    );
    expect(state).toMatchObject({
      evseId: 1,
      connectorId: 1,
      idToken: "A",
      idTokenType: "ISO14443",
      groupId: "G",
      authorization: "Accepted",
      startedAt: start,
      stoppedAt: start + 120_000,
      stopReason: "EVDisconnected",
      complete: true,
      chargingState: "Idle",
      register: 150,
      numbers: [[0, 2]],
    });
    expect([meterStart(state), meterStop(state), remarksOf(state)]).toEqual([100, 300, []]);
  });

  it("takes EVSE, token and remote start from whichever message has them", () => {
    const state = apply(
      message("Started", 0),
      message("Updated", 1, { evseId: 2, remoteStartId: 7, reservationId: 8 }),
      message("Updated", 2, { connectorId: 1, token: token("A") }),
    );
    expect(state).toMatchObject({ evseId: 2, connectorId: 1, idToken: "A", remoteStartId: 7, reservationId: 8 });
  });

  it("keeps the token that started it apart from the one that stops it", () => {
    const state = apply(
      message("Started", 0, { token: token("A", "G") }),
      message("Updated", 1, { token: token("B", "G"), trigger: "StopAuthorized" }),
      message("Ended", 2),
    );
    expect(state).toMatchObject({ idToken: "A", stopIdToken: "B" });
    expect(remarksOf(state)).not.toContain("stop-by-other-token");
  });

  it("takes an accepted token in place of a refused one", () => {
    const state = apply(
      message("Started", 0),
      message("Updated", 1, { token: token("A", null, "Invalid"), trigger: "Authorized" }),
      message("Updated", 2, { token: token("B"), trigger: "Authorized" }),
      message("Updated", 3, { token: token("C"), trigger: "Authorized" }),
    );
    expect(state).toMatchObject({ idToken: "B", authorization: "Accepted" });
  });

  it("takes the token of its start for the one that it started with, whenever that comes", () => {
    const state = apply(
      message("Updated", 1, { token: token("B"), trigger: "Authorized" }),
      message("Started", 0, { token: token("A") }),
    );
    expect(state.idToken).toBe("A");
  });

  it("keeps to the first of several refused tokens", () => {
    const state = apply(
      message("Updated", 1, { token: token("A", null, "Invalid") }),
      message("Updated", 2, { token: token("B", null, "Blocked") }),
    );
    expect(state).toMatchObject({ idToken: "A", authorization: "Invalid" });
  });

  it("charges as its newest message says, and not as its latest", () => {
    const state = apply(
      message("Updated", 2, { chargingState: "SuspendedEV" }),
      message("Updated", 1, { chargingState: "Charging", receivedAt: start + 900_000 }),
      message("Updated", 3),
    );
    expect(state.chargingState).toBe("SuspendedEV");
    const undated = { at: undefined, time: "noon", receivedAt: start + 200_000 };
    expect(
      applyMessage(state, message("Updated", 4, { chargingState: "Idle", ...undated }), rules).state.chargingState,
    ).toBe("Idle");
    const same = apply(message("Updated", 2, { chargingState: "A" }), message("Updated", 2, { chargingState: "B" }));
    expect(same.chargingState).toBe("B");
  });

  it("has the higher one of two registers of one moment for its newest", () => {
    const at = start + 5;
    const readings = [
      { at, register: 7 },
      { at, register: 9 },
      { at, register: 8 },
      { at: start, register: 10 },
    ];
    expect(apply(message("Updated", 1, { readings }))).toMatchObject({ register: 9, registerAt: at, highest: 10 });
  });

  it("keeps the first of two ends of one moment", () => {
    const state = apply(
      message("Ended", 1, { stoppedReason: "Other" }),
      message("Ended", 1, { stoppedReason: "Local" }),
    );
    expect(state.stopReason).toBe("Other");
  });

  it.each([
    ["another token", token("B"), true],
    ["a token of another group", token("B", "H"), true],
    ["the same token", token("a"), false],
    ["a token of the same group", token("B", "g"), false],
    ["a master pass", token("B", "master"), false],
  ])("remarks upon a stop by %s: %s", (_what, by, remarked) => {
    const state = apply(message("Started", 0, { token: token("A", "G") }), message("Ended", 1, { token: by }));
    expect(remarksOf(state).includes("stop-by-other-token")).toBe(remarked);
  });

  it("remarks upon impossible times and meters, and believes the station all the same", () => {
    const early = apply(
      message("Started", 5, { begin: 500 }),
      message("Ended", 6, { at: start, end: 400, receivedAt: start }),
    );
    expect(remarksOf(early)).toEqual(["meter-below-start", "stop-before-start"]);
    expect(early).toMatchObject({ complete: true, stoppedAt: start });
    expect(energyOf({ meterStart: meterStart(early), meterStop: meterStop(early), register: null })).toBe(0);

    const future = apply(
      message("Started", 0, { begin: 0, receivedAt: start - 300_001 }),
      message("Ended", 1, { end: 0, receivedAt: start - 300_000 }),
    );
    expect(remarksOf(future)).toEqual(["start-in-future", "stop-in-future"]);
    expect(remarksOf(apply(message("Started", 0, { begin: 0, receivedAt: start - 300_000 })))).toEqual([]);
  });

  it("remarks upon the future at the end that it is of", () => {
    const early = { receivedAt: start - 300_001 };
    expect(remarksOf(apply(message("Started", 0, early), message("Ended", 1)))).toEqual(["start-in-future"]);
    expect(remarksOf(apply(message("Started", 0), message("Ended", 1, early)))).toEqual(["stop-in-future"]);
    expect(remarksOf(apply(message("Started", 0), message("Updated", 1, early)))).toEqual([]);
  });

  it("was offline where one of its messages was", () => {
    const [on, off] = [message("Updated", 1, { offline: false }), message("Updated", 2, { offline: true })];
    expect(
      [apply(on), apply(message("Updated", 3)), apply(off), apply(off, on), apply(on, off)].map(
        ({ offline }) => offline,
      ),
    ).toEqual([false, false, true, true, true]);
  });

  it("dates by the receipt what has no readable time", () => {
    const state = apply(message("Started", 0, { at: undefined, time: "noon", receivedAt: start + 5 }));
    expect(state).toMatchObject({ startedAt: start + 5, startTime: "noon" });
    expect(remarksOf(state)).toEqual(["time-unreadable"]);
  });

  it("estimates registers from the readings where nobody says them", () => {
    const state = apply(
      message("Started", 0),
      message("Updated", 1, {
        readings: [
          { at: start + 9, register: 20 },
          { at: start, register: 10 },
        ],
      }),
      message("Ended", 2, { readings: [{ at: start + 5, register: 15 }] }),
    );
    expect([meterStart(state), meterStop(state)]).toEqual([10, 20]);
    expect(remarksOf(state)).toEqual(["meter-start-estimated", "meter-stop-estimated"]);
  });

  it("has no energy where no register is known", () => {
    const state = apply(message("Started", 0), message("Ended", 1));
    expect([meterStart(state), meterStop(state), remarksOf(state)]).toEqual([null, null, []]);
    expect(energyOf({ meterStart: null, meterStop: null, register: null })).toBeUndefined();
    expect(energyOf({ meterStart: 5, meterStop: null, register: 9.5 })).toBe(4.5);
  });

  it("takes an end without a reason for one by the driver (E06.FR.09)", () => {
    expect(apply(message("Ended", 1)).stopReason).toBe("Local");
  });

  it("stays ended when more is told, and takes the later of two ends", () => {
    const state = apply(
      message("Started", 0, { begin: 0 }),
      message("Ended", 3, { end: 30, stoppedReason: "Local" }),
      message("Updated", 2, { readings: [{ at: start, register: 40 }] }),
      message("Ended", 4, { end: 35, stoppedReason: "PowerLoss" }),
      message("Ended", 1, { end: 10, stoppedReason: "Other" }),
    );
    expect(totals(state)).toMatchObject({ complete: true, stopReason: "PowerLoss", meterStop: 35, numbers: [[0, 4]] });
  });
});

describe("an end that the CSMS makes up", () => {
  const running = apply(
    message("Started", 0, { begin: 100 }),
    message("Updated", 1, { readings: [{ at: start, register: 250 }] }),
  );
  const end = { at: start + 500, receivedAt: start + 600, reason: "PowerLoss" };

  it("takes the highest register, or what the operator says", () => {
    const state = closeProvisionally(running, end);
    expect(totals(state)).toMatchObject({
      complete: true,
      provisional: true,
      stopReason: "PowerLoss",
      stoppedAt: start + 500,
      meterStop: 250,
      remarks: ["meter-stop-estimated"],
    });
    expect(totals(closeProvisionally(running, { ...end, register: 400 }))).toMatchObject({
      meterStop: 400,
      remarks: [],
    });
    expect(meterStop(closeProvisionally(apply(message("Started", 0, { begin: 100 })), end))).toBe(100);
  });

  it("gives way to the station's, with reason and totals", () => {
    const closed = closeProvisionally(running, { ...end, at: start + 9_000_000, register: 999 });
    const { state } = applyMessage(closed, message("Ended", 2, { end: 300, stoppedReason: "EVDisconnected" }), rules);
    expect(totals(state)).toMatchObject({
      provisional: false,
      stopReason: "EVDisconnected",
      stoppedAt: start + 120_000,
      meterStop: 300,
      remarks: [],
    });
  });

  it("keeps the operator's register where the station never says one", () => {
    const closed = closeProvisionally(apply(message("Started", 0)), { ...end, register: 999 });
    expect(meterStop(applyMessage(closed, message("Ended", 1), rules).state)).toBe(999);
  });

  it("stays while the station reports what was before", () => {
    const closed = closeProvisionally(running, end);
    const { state } = applyMessage(
      closed,
      message("Updated", 2, { readings: [{ at: start + 9, register: 275 }] }),
      rules,
    );
    expect(totals(state)).toMatchObject({ complete: true, provisional: true, stopReason: "PowerLoss", meterStop: 275 });
  });
});

describe("a gap", () => {
  it("opens where numbers are left out, and not where messages come late", () => {
    expect(
      gaps(
        message("Started", 0),
        message("Updated", 1),
        message("Updated", 4),
        message("Updated", 2),
        message("Updated", 5),
      ),
    ).toEqual([false, false, true, false, false]);
  });

  it("opens with a first message that is not the start, and not with numbers that begin above 0", () => {
    expect(gaps(message("Updated", 3), message("Updated", 4))).toEqual([true, false]);
    expect(gaps(message("Started", 57), message("Updated", 58))).toEqual([false, false]);
  });

  it("is told of once more with the end, while anything is missing", () => {
    expect(gaps(message("Started", 0), message("Updated", 3), message("Ended", 4))).toEqual([false, true, true]);
    expect(gaps(message("Started", 0), message("Updated", 2), message("Updated", 1), message("Ended", 3))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(gaps(message("Updated", 1), message("Ended", 2))).toEqual([true, true]);
  });

  it("does not open where a station begins to count again", () => {
    expect(gaps(message("Started", 0), message("Updated", 1), message("Updated", 0), message("Updated", 1))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("is unknown to 1.6, which does not count", () => {
    const unnumbered = { seqNo: undefined };
    expect(gaps(message("Started", 0, unnumbered), message("Ended", 1, unnumbered))).toEqual([false, false]);
    expect(apply(message("Started", 0, unnumbered)).numbers).toEqual([]);
  });
});

describe("the reason of an end", () => {
  it("keeps the words of a remote stop, and puts another reason before the station's", () => {
    expect(combineReasons(null, "Local")).toBe("Local");
    expect(combineReasons("Remote", "EVDisconnected")).toBe("Remote");
    expect(combineReasons("Remote: by support", "Remote")).toBe("Remote: by support");
    expect(combineReasons("Maintenance", "Local")).toBe("Maintenance, Local");
    expect(combineReasons("Local", "Local")).toBe("Local");
    expect(combineReasons("Maintenance", "Maintenance, Local")).toBe("Maintenance, Local");
  });

  it("is combined in whichever order the two come", () => {
    const first = applyMessage(
      requestStop(apply(message("Started", 0)), "Remote: x"),
      message("Ended", 1, { stoppedReason: "Remote" }),
      rules,
    ).state;
    const last = requestStop(
      apply(message("Started", 0), message("Ended", 1, { stoppedReason: "Remote" })),
      "Remote: x",
    );
    expect([first.stopReason, last.stopReason]).toEqual(["Remote: x", "Remote: x"]);
    expect(requestStop(apply(message("Started", 0)), "Remote").stopReason).toBeNull();
    const unplugged = apply(message("Ended", 1, { stoppedReason: "EVDisconnected" }));
    expect(requestStop(unplugged, "Maintenance").stopReason).toBe("Maintenance, EVDisconnected");
    const closed = closeProvisionally(apply(message("Started", 0)), {
      at: start,
      receivedAt: start,
      reason: "PowerLoss",
    });
    expect(requestStop(closed, "Maintenance").stopReason).toBe("PowerLoss");
  });
});

describe("the order and number of messages", () => {
  const register = fc.nat(100_000);
  const messages = fc
    .array(
      fc.record({
        type: fc.constantFrom("Started" as const, "Updated" as const, "Updated" as const, "Ended" as const),
        begin: fc.option(register, { nil: undefined, freq: 2 }),
        end: fc.option(register, { nil: undefined, freq: 2 }),
        offline: fc.boolean(),
        stoppedReason: fc.constantFrom("Local", "Remote", "PowerLoss"),
        readings: fc.array(fc.record({ at: fc.nat(20).map((minute) => start + minute * 60_000), register }), {
          maxLength: 3,
        }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((list) => list.map(({ type, ...changes }, seqNo) => message(type, seqNo, changes)));

  it("change nothing about the totals", () => {
    fc.assert(
      fc.property(
        messages.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(list, { minLength: list.length }),
            fc.array(fc.constantFrom(...list), { maxLength: 5 }),
          ),
        ),
        ([list, shuffled, repeats]) => {
          const inOrder = totals(apply(...list));
          expect(totals(apply(...shuffled, ...repeats))).toEqual(inOrder);
          expect(totals(apply(...repeats, ...shuffled))).toEqual(inOrder);
        },
      ),
    );
  });

  it("cannot bring back an end that the CSMS made up", () => {
    fc.assert(
      fc.property(messages, fc.nat(8), (list, when) => {
        const before = apply(...list.slice(0, when));
        const closed = before.complete
          ? before
          : closeProvisionally(before, { at: start, receivedAt: start, reason: "AdminClosed", register: 5 });
        const after = list.slice(when).reduce((state, one) => applyMessage(state, one, rules).state, closed);
        const without = apply(...list);
        if (without.complete) {
          expect(after.provisional).toBe(false);
          expect(after.stopReason).toBe(without.stopReason);
          const assumed = before.complete ? without.begin : 5;
          expect(meterStop(after)).toBe(without.end ?? without.highest ?? assumed);
        } else expect(after).toMatchObject({ complete: true, provisional: true, stopReason: "AdminClosed" });
      }),
    );
  });
});
