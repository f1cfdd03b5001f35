import type { FrameRow } from "../../store/tables/observability.ts";
import { frameTypes } from "./messages-query.ts";

/** A request and its answer; one of them is missing where it was never sent, or is not kept any more. */
export interface Exchange {
  readonly request: FrameRow | undefined;
  readonly answer: FrameRow | undefined;
}

function isRequest({ type }: FrameRow): boolean {
  return type === frameTypes.CALL || type === frameTypes.SEND;
}

function answers(answer: FrameRow, request: FrameRow): boolean {
  return answer.station_id === request.station_id && answer.direction !== request.direction && answer.id > request.id;
}

/**
 * Puts requests and answers of one message id together: an answer belongs to the last request before it that went the
 * other way over the same station's connection. The newest exchange comes first.
 */
export function exchangesOf(frames: readonly FrameRow[]): Exchange[] {
  const exchanges: { request: FrameRow | undefined; answer: FrameRow | undefined }[] = [];
  for (const frame of [...frames].sort((one, other) => one.id - other.id)) {
    if (isRequest(frame)) {
      exchanges.push({ request: frame, answer: undefined });
      continue;
    }
    const open = exchanges.findLast(({ request }) => request !== undefined && answers(frame, request));
    if (open?.answer === undefined && open !== undefined) open.answer = frame;
    else exchanges.push({ request: undefined, answer: frame });
  }
  return exchanges.toReversed();
}
