import { sameId } from "../../tokens/rules.ts";
import type { Reading } from "./energy-register.ts";
import { countMissing, hasNumber, withNumber } from "./sequence-numbers.ts";
import type { TransactionRemark, TransactionState } from "./state.ts";

/** What one message says of a transaction. */
export interface TransactionMessage {
  readonly type: "Started" | "Updated" | "Ended";
  /** Undefined in 1.6. */
  readonly seqNo?: number | undefined;
  readonly time: string;
  /** `time` in milliseconds; undefined where it cannot be read. */
  readonly at: number | undefined;
  readonly receivedAt: number;
  readonly trigger?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly evseId?: number | undefined;
  readonly connectorId?: number | undefined;
  readonly token?:
    | {
        readonly id: string;
        readonly type: string | null;
        readonly groupId: string | null;
        readonly status: string;
      }
    | undefined;
  readonly chargingState?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
  /** The registers at the start and at the end in Wh, where the message tells them as such. */
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
  readonly readings: readonly Reading[];
}

/** What transactions are held to. */
export interface TransactionRules {
  /** How far a station's time may be ahead of ours, in milliseconds, before it is remarked upon. */
  readonly futureTolerance: number;
  readonly masterPassGroupId?: string | null | undefined;
}

function least(one: number | null, other: number | undefined): number | null {
  if (other === undefined) return one;
  return one === null ? other : Math.min(one, other);
}

function greatest(one: number | null, other: number | undefined): number | null {
  if (other === undefined) return one;
  return one === null ? other : Math.max(one, other);
}

/** The transaction with more readings of its register. */
export function withReadings(state: TransactionState, readings: readonly Reading[]): TransactionState {
  let { lowest, highest, register, registerAt } = state;
  for (const reading of readings) {
    lowest = least(lowest, reading.register);
    highest = greatest(highest, reading.register);
    const newest = registerAt ?? -Infinity;
    // Of two readings of one moment the higher counts, so that the order of arrival does not matter.
    if (reading.at > newest || (reading.at === newest && reading.register > (register ?? -Infinity))) {
      register = reading.register;
      registerAt = reading.at;
    }
  }
  // Assigned one by one: fields that a literal names again after a spread are defined anew, which takes ten times as long.
  const next: { -readonly [K in keyof TransactionState]: TransactionState[K] } = { ...state };
  next.lowest = lowest;
  next.highest = highest;
  next.register = register;
  next.registerAt = registerAt;
  return next;
}

/** Whether a message ends or ended the authorization, so that its token is the one that stopped the transaction. */
export function stopsAuthorization({ type, trigger }: Pick<TransactionMessage, "type" | "trigger">): boolean {
  return type === "Ended" || trigger === "StopAuthorized" || trigger === "Deauthorized";
}

/**
 * The reason of an end that an operator asked for, and that the station reported: a remote stop keeps the operator's words, and
 * any other reason that was noted stands before the station's.
 */
export function combineReasons(requested: string | null, reported: string): string {
  if (requested === null || reported === requested || reported.startsWith(`${requested}, `)) return reported;
  return requested.startsWith("Remote") ? requested : `${requested}, ${reported}`;
}

function noting(state: TransactionState, remark: TransactionRemark, when: boolean): TransactionState {
  if (!when || state.noted.includes(remark)) return state;
  return { ...state, noted: [...state.noted, remark].sort() };
}

function withToken(state: TransactionState, message: TransactionMessage): TransactionState {
  const { token } = message;
  if (token === undefined) return state;
  if (stopsAuthorization(message)) return { ...state, stopIdToken: token.id, stopGroupId: token.groupId };
  // A token in Started is the one that it started with; a later one is, where Started had none or a refused one.
  const better = state.authorization !== "Accepted" && token.status === "Accepted";
  if (state.idToken !== null && message.type !== "Started" && !better) return state;
  return {
    ...state,
    idToken: token.id,
    idTokenType: token.type,
    groupId: token.groupId,
    authorization: token.status,
  };
}

function withStart(state: TransactionState, message: TransactionMessage): TransactionState {
  if (message.type !== "Started") return state;
  const at = message.at ?? message.receivedAt;
  if (state.startedAt !== null && at >= state.startedAt) return state;
  return { ...state, startedAt: at, startTime: message.time, startReceivedAt: message.receivedAt };
}

function withEnd(state: TransactionState, message: TransactionMessage): TransactionState {
  if (message.type !== "Ended") return state;
  const at = message.at ?? message.receivedAt;
  // Of two ends that the station reports, the later one counts; one that the CSMS made up never does.
  if (state.complete && !state.provisional && state.stoppedAt !== null && at <= state.stoppedAt) return state;
  return {
    ...state,
    complete: true,
    provisional: false,
    stoppedAt: at,
    stopTime: message.time,
    stopReceivedAt: message.receivedAt,
    // An end without a reason is one by the driver (E06.FR.09, 1.6 §6.49).
    stopReason: combineReasons(state.requestedStopReason, message.stoppedReason ?? "Local"),
  };
}

function withChargingState(
  state: TransactionState,
  { chargingState, at, receivedAt }: TransactionMessage,
): TransactionState {
  const when = at ?? receivedAt;
  if (chargingState === undefined || (state.chargingStateAt !== null && when < state.chargingStateAt)) return state;
  return { ...state, chargingState, chargingStateAt: when };
}

function isOtherToken(state: TransactionState, { masterPassGroupId }: TransactionRules): boolean {
  const { idToken, stopIdToken, groupId, stopGroupId } = state;
  if (idToken === null || stopIdToken === null || stopGroupId === undefined || sameId(idToken, stopIdToken))
    return false;
  return stopGroupId === null || !(sameId(groupId, stopGroupId) || sameId(stopGroupId, masterPassGroupId));
}

/** What a message did. */
export interface Applied {
  readonly state: TransactionState;
  /**
   * Whether messages are missing that the station may still hold: this one left numbers out, is the first and not the
   * start, or is the end while numbers are missing (E14).
   */
  readonly gap: boolean;
}

function opensGap(state: TransactionState, after: TransactionState, { type, seqNo }: TransactionMessage): boolean {
  if (seqNo === undefined) return false;
  const last = state.numbers.at(-1);
  if (last === undefined) return type !== "Started";
  if (seqNo > last[1] + 1) return true;
  return type === "Ended" && (countMissing(after.numbers) > 0 || after.startedAt === null);
}

/**
 * The transaction after one more message. Messages may come in any order, and late ones change what they are about; a repeat
 * is not to be applied, though it would not change the totals. An end by the station takes the place of one that the CSMS
 * made up; after an end, other messages add to the record and leave it ended.
 */
export function applyMessage(state: TransactionState, message: TransactionMessage, rules: TransactionRules): Applied {
  const { type, at, receivedAt, seqNo } = message;
  let next = withReadings(state, message.readings);
  next = {
    ...next,
    evseId: next.evseId === 0 ? (message.evseId ?? 0) : next.evseId,
    connectorId: next.connectorId === 0 ? (message.connectorId ?? 0) : next.connectorId,
    remoteStartId: next.remoteStartId ?? message.remoteStartId ?? null,
    reservationId: next.reservationId ?? message.reservationId ?? null,
    begin: least(next.begin, message.begin),
    end: greatest(next.end, message.end),
    numbers: seqNo === undefined ? next.numbers : withNumber(next.numbers, seqNo),
    offline: next.offline || message.offline === true,
  };
  next = withChargingState(withEnd(withStart(withToken(next, message), message), message), message);
  const ahead = at !== undefined && at > receivedAt + rules.futureTolerance;
  next = noting(next, "start-in-future", type === "Started" && ahead);
  next = noting(next, "stop-in-future", type === "Ended" && ahead);
  next = noting(next, "time-unreadable", at === undefined);
  next = noting(next, "stop-by-other-token", isOtherToken(next, rules));
  return { state: next, gap: opensGap(state, next, message) };
}

/** Ends a transaction that has not ended without its station; the end is provisional. */
export function closeProvisionally(
  state: TransactionState,
  end: {
    readonly at: number;
    readonly receivedAt: number;
    readonly reason: string;
    readonly register?: number | undefined;
  },
): TransactionState {
  return {
    ...state,
    complete: true,
    provisional: true,
    stoppedAt: end.at,
    stopTime: new Date(end.at).toISOString(),
    stopReceivedAt: end.receivedAt,
    stopReason: end.reason,
    assumedEnd: end.register ?? null,
  };
}

/** Notes the reason for which an operator asked for the end; where the station was quicker, it changes that of the end. */
export function requestStop(state: TransactionState, reason: string): TransactionState {
  const stopReason =
    state.complete && !state.provisional ? combineReasons(reason, state.stopReason ?? "Local") : state.stopReason;
  return { ...state, requestedStopReason: reason, stopReason };
}

/** Whether a sequence number has come; a message with one that has may be a repeat. */
export function hasSequenceNumber({ numbers }: TransactionState, seqNo: number): boolean {
  return hasNumber(numbers, seqNo);
}
