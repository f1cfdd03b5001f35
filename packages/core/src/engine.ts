import type { Clock } from "./clock.ts";
import type { CompiledAction } from "./compiled-action.ts";
import type { Endpoint } from "./endpoint.ts";
import type { MessageId } from "./frame.ts";
import type { Exchange } from "./interceptor.ts";
import type { OcppError } from "./ocpp-error.ts";
import type { CallOptions, CloseOptions, Closure, PeerOptions } from "./peer.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Report } from "./report.ts";
import type { Check } from "./validation.ts";
import type { Violation } from "./violation.ts";

/** The options of a peer with the defaults that the engine cannot do without. */
export type EngineOptions = PeerOptions & { readonly identity: string; readonly clock: Clock };

/** What the parts of a peer, its queues and handles, have of the connection that they belong to. */
export interface Engine {
  readonly endpoint: Endpoint<Protocol, Side>;
  readonly options: EngineOptions;
  readonly identity: string;
  readonly clock: Clock;
  readonly state: "open" | "closing" | "closed";
  readonly queued: number;
  readonly handling: number;
  /** Aborts when the connection goes. */
  readonly signal: AbortSignal;
  readonly whenClosed: Promise<Closure>;
  /** Resolves when the connection is gone and no handler is left. */
  whenFinished(): Promise<void>;
  /** Rejects, and never throws. */
  call(name: string, request: unknown, options?: CallOptions): Promise<unknown>;
  send(name: string, request: unknown): void;
  close(options?: CloseOptions): Promise<Closure>;
  /** Takes a request through the interceptors to the innermost step; straight there where there are none. */
  intercept<T>(
    direction: Exchange["direction"],
    action: CompiledAction,
    messageId: string,
    request: unknown,
    innermost: (request: unknown) => T,
  ): T | Promise<unknown>;
  /** Runs a check, unless the policy is `off`, and reports what it finds. */
  inspect(check: Check, action: string, messageId: string, payload: unknown): Violation | undefined;
  /** Hands a frame to the transport. Throws where that does not take it. */
  write(text: string): void;
  /** Hands an answer to the transport; whether it was taken. One that cannot leave is lost with its connection. */
  transmit(text: string): boolean;
  transmitError(type: 4 | 5, id: MessageId, error: OcppError): void;
  report(report: Report): void;
  /** Reports that code of the user's has thrown. */
  reportFailure(action: string, messageId: string, error: unknown): void;
  /** Told by both queues when they have nothing left to do. */
  idle(): void;
}
