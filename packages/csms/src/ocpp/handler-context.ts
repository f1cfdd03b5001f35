import type { StationSession } from "./station-session.ts";

/** What handlers of all versions use of their context. */
export interface HandlerContext {
  readonly identity: string;
  readonly messageId: string;
  readonly receivedAt: number;
  /** The request as it came. */
  readonly requestText: string;
  readonly info: StationSession;
  readonly afterResponse: (task: () => void | Promise<void>) => void;
}
