import { type Edition, messageIdText, parseFrame } from "@ocpp/core";
import type { Version } from "./station.ts";

/** What a frame is: a call, its result or its error, a message without an answer, or none of them. */
export type FrameKind = "call" | "result" | "error" | "send" | "malformed";

/** One frame of the trace. */
export interface TracedFrame {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly station: string;
  readonly version: Version;
  readonly to: "csms" | "station";
  readonly kind: FrameKind;
  /** The action; of an answer that of its call. */
  readonly action: string;
  readonly messageId: string;
  /** For an answer: milliseconds since its call, as the station saw them. */
  readonly duration: number | undefined;
  /** The payload; of an error its code, description and details. */
  readonly payload: unknown;
  /** The frame as it was on the wire. */
  readonly text: string;
}

/** Reads the frames of one station, as they leave it and as they reach it. */
export function frameLog(
  station: string,
  version: Version,
  edition: Edition,
  show: (frame: TracedFrame) => void,
): (direction: "inbound" | "outbound", text: string) => void {
  const open = new Map<string, { readonly action: string; readonly begun: number }>();

  return (direction, text) => {
    const frame = parseFrame(edition, text);
    const to = direction === "outbound" ? "csms" : "station";
    const common = { time: Date.now(), station, version, to, text, duration: undefined } as const;
    if (frame.type === "malformed") {
      show({ ...common, kind: "malformed", action: "", messageId: "", payload: frame.reason });
      return;
    }
    const messageId = messageIdText(frame.id);
    // Each side gives its own ids: an answer belongs to a call that went the other way.
    if (frame.type === 2) open.set(`${direction} ${messageId}`, { action: frame.action, begun: performance.now() });
    if (frame.type === 2 || frame.type === 6) {
      const kind = frame.type === 2 ? "call" : "send";
      show({ ...common, kind, action: frame.action, messageId, payload: frame.payload });
      return;
    }
    const key = `${direction === "outbound" ? "inbound" : "outbound"} ${messageId}`;
    const call = open.get(key);
    open.delete(key);
    const duration = call === undefined ? undefined : performance.now() - call.begun;
    const answer = { ...common, action: call?.action ?? "", messageId, duration };
    if (frame.type === 3) show({ ...answer, kind: "result", payload: frame.payload });
    else {
      const { code, description, details } = frame;
      show({ ...answer, kind: "error", payload: { code, description, details } });
    }
  };
}
