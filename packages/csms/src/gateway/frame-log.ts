import { maskFrame } from "../operation/secret-mask.ts";
import type { Services } from "../services/services.ts";
import { storableText } from "../services/storable-text.ts";
import type { FrameRow } from "../store/tables.ts";

/** Writes down every frame. */
export interface FrameLog {
  /** Takes a frame as it came or left; for `frames` of the server. */
  readonly add: (direction: FrameRow["direction"], text: string, stationId: string) => void;
  /** Forgets which calls of a station wait for answers: its connection is gone. */
  forget(stationId: string): void;
}

/** The head of a frame: its type, its id, and what may be its action. Nothing else of it is looked at. */
const head = /^\s*\[\s*(\d+)\s*,\s*(?:"((?:[^"\\]|\\.){0,200})"|(-?\d{1,40}))\s*(?:,\s*"([^"\\]{0,60})")?/;

/** How many calls of a station are remembered until they are answered. */
const remembered = 32;

/**
 * Makes the log of frames. It costs little: a frame is not parsed, and is kept with the next commit, for which nobody waits.
 * Answers get the action of their call.
 */
export function createFrameLog({
  store,
  clock,
  configuration,
}: Pick<Services, "store" | "clock" | "configuration">): FrameLog {
  const { bodies } = configuration.messageLog;
  const insert = store.prepare<FrameRow>((db, row) => db.insertInto("frames").values(row));
  const calls = new Map<string, Map<string, string>>();

  /** The action of a frame; an answer finds that of its call, which went the other way. */
  const actionOf = (
    stationId: string,
    direction: FrameRow["direction"],
    type: number,
    id: string,
    named: string | undefined,
  ): string | null => {
    if (type === 6) return named ?? null;
    let waiting = calls.get(stationId);
    if (type === 2) {
      if (named === undefined) return null;
      if (waiting === undefined) calls.set(stationId, (waiting = new Map<string, string>()));
      if (waiting.size >= remembered) {
        const [oldest] = waiting.keys();
        if (oldest !== undefined) waiting.delete(oldest);
      }
      waiting.set(`${direction} ${id}`, named);
      return named;
    }
    const key = `${direction === "inbound" ? "outbound" : "inbound"} ${id}`;
    const action = waiting?.get(key);
    waiting?.delete(key);
    return action ?? null;
  };

  return {
    add: (direction, frame, stationId) => {
      const text = storableText(frame);
      const match = head.exec(text);
      const type = match === null ? 0 : Number(match[1]);
      const known = type >= 2 && type <= 6;
      const id = match?.[2] ?? match?.[3];
      const action = known && id !== undefined ? actionOf(stationId, direction, type, id, match?.[4]) : null;
      store.append(
        insert({
          id: store.nextId(),
          station_id: stationId,
          at: clock.now(),
          direction,
          type: known ? type : 0,
          action,
          message_id: id ?? null,
          body: bodies ? maskFrame(text) : "",
        }),
      );
    },
    forget: (stationId) => {
      calls.delete(stationId);
    },
  };
}
