import { createLogRepository, type WholeFrame } from "../observability/repository/logs.ts";
import { maskFrame } from "../observability/secret-mask.ts";
import type { Services } from "../services.ts";
import { cutText } from "../shared/cut-text.ts";
import { storableText } from "../shared/storable-text.ts";
import type { FrameRow } from "../store/tables/observability.ts";

/** Writes down every frame. */
export interface FrameLog {
  /** Takes a frame as it came or left; for `frames` of the server. */
  readonly add: (direction: FrameRow["direction"], text: string, stationId: string) => void;
  /** Forgets which calls of a station wait for answers: its connection is gone. */
  forget(stationId: string): void;
}

/** The head of a frame: its type, its id, and what may be its action. Nothing else of it is looked at. */
const head = /^\s*\[\s*(\d+)\s*,\s*(?:"((?:[^"\\]|\\.){0,4000})"|(-?\d[\d.eE+-]{0,99}))\s*(?:,\s*"([^"\\]{0,60})")?/;

/** The most characters of an id that are kept; the specifications allow 36 (OCPP-J 2.0.1 §4.1.4). */
const longestId = 200;

const asItIs = (text: string | undefined): string | undefined => text;

/** A copy that does not hold the text in memory that it is a part of. */
const copyOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString();

/** How many calls of a station are remembered in each direction until they are answered. */
const remembered = 32;

/** How many of those that were answered are remembered, since their answers may be refused (CALLRESULTERROR). */
const rememberedAnswered = 4;

/** The actions of calls of one station in one direction, by their ids; the oldest makes room. */
type Actions = Map<string, string>;

function remember(actions: Actions, id: string, action: string, limit: number): void {
  actions.delete(id);
  if (actions.size >= limit) {
    const [oldest] = actions.keys();
    if (oldest !== undefined) actions.delete(oldest);
  }
  actions.set(id, action);
}

/** The action of a call, which is forgotten thereby. */
function take(actions: Actions | undefined, id: string): string | undefined {
  const action = actions?.get(id);
  if (action !== undefined) actions?.delete(id);
  return action;
}

/** What is remembered of the calls of one station in one direction. */
interface Calls {
  readonly waiting: Actions;
  readonly answered: Actions;
}

/** A frame of more characters is long: a part of it that is remembered would hold all of it in memory. */
const long = 4_096;

/**
 * Makes the log of frames. It costs little: a frame is not parsed, and is persisted with the next commit, for which no caller waits.
 * Answers get the action of their call. Of a frame that is longer than the configuration allows, the beginning is stored, with
 * the length and the digest of the whole.
 */
export function createFrameLog({
  store,
  clock,
  configuration,
  logSizes,
}: Pick<Services, "store" | "clock" | "configuration" | "logSizes">): FrameLog {
  const { bodies, maxBody } = configuration.messageLog;
  const logs = createLogRepository(store);
  /** The calls of each station, by their direction. */
  const calls = { inbound: new Map<string, Calls>(), outbound: new Map<string, Calls>() };

  /**
   * The action of a frame: an answer finds that of its call, which went the other way, and the refusal of an answer that
   * of the call which went the same way (OCPP-J 2.1 §4.2.3).
   */
  const actionOf = (
    stationId: string,
    direction: FrameRow["direction"],
    type: number,
    id: string,
    named: string | undefined,
  ): string | null => {
    switch (type) {
      case 6:
        return named ?? null;
      case 2: {
        if (named === undefined) return null;
        let own = calls[direction].get(stationId);
        if (own === undefined) calls[direction].set(stationId, (own = { waiting: new Map(), answered: new Map() }));
        remember(own.waiting, id, named, remembered);
        return named;
      }
      case 5:
        return take(calls[direction].get(stationId)?.answered, id) ?? null;
      default: {
        const asked = calls[direction === "inbound" ? "outbound" : "inbound"].get(stationId);
        const action = take(asked?.waiting, id);
        if (asked !== undefined && action !== undefined && type === 3)
          remember(asked.answered, id, action, rememberedAnswered);
        return action ?? null;
      }
    }
  };

  return {
    add: (direction, frame, stationId) => {
      const text = storableText(frame);
      const match = head.exec(text);
      const type = match === null ? 0 : Number(match[1]);
      const known = type >= 2 && type <= 6;
      const own = text.length > long ? copyOf : asItIs;
      const id = own((match?.[2] ?? match?.[3])?.slice(0, longestId));
      const action = known && id !== undefined ? actionOf(stationId, direction, type, id, own(match?.[4])) : null;
      const body = bodies ? maskFrame(text) : "";
      const row: WholeFrame = {
        id: store.nextId(),
        station_id: stationId,
        at: clock.now(),
        direction,
        type: known ? type : 0,
        action,
        message_id: id ?? null,
        body,
      };
      const cut = cutText(body, maxBody);
      logSizes.frames.note(stationId, row.id, Buffer.byteLength(cut?.text ?? body));
      if (cut === undefined) store.append(logs.frame(row), { later: true });
      else
        store.append(logs.cutFrame({ ...row, body: cut.text, length: cut.length, digest: cut.digest }), {
          later: true,
        });
    },
    forget: (stationId) => {
      calls.inbound.delete(stationId);
      calls.outbound.delete(stationId);
    },
  };
}
