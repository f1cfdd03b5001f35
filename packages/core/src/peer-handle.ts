import type { Engine } from "./engine.ts";
import type { AnyPeer, CallOptions, CloseOptions, Closure } from "./peer.ts";
import type { Side } from "./protocol.ts";

/** A call that its caller does not await must not end the process when a station goes away. */
function ignore(): void {}

/**
 * What users hold of a peer. A handler gets a handle of its own, whose calls give up the handler's turn, so that the next
 * call of the other side is handled while this handler waits for an answer.
 */
export class PeerHandle implements AnyPeer {
  readonly #engine: Engine;
  readonly #beforeCall: (() => void) | undefined;

  constructor(engine: Engine, beforeCall?: () => void) {
    this.#engine = engine;
    this.#beforeCall = beforeCall;
  }

  get protocol(): string {
    return this.#engine.endpoint.protocol.subprotocol;
  }

  get side(): Side {
    return this.#engine.endpoint.side;
  }

  get identity(): string {
    return this.#engine.identity;
  }

  get info(): unknown {
    return this.#engine.options.info;
  }

  get state(): "open" | "closing" | "closed" {
    return this.#engine.state;
  }

  get signal(): AbortSignal {
    return this.#engine.signal;
  }

  get closed(): Promise<Closure> {
    return this.#engine.whenClosed;
  }

  get finished(): Promise<void> {
    return this.#engine.whenFinished();
  }

  get queued(): number {
    return this.#engine.queued;
  }

  get handling(): number {
    return this.#engine.handling;
  }

  call(action: string, request: unknown, options?: CallOptions): Promise<unknown> {
    // On a connection that is gone the call rejects at once, so the turn is not given up and the order of handlers stays.
    if (this.#engine.state === "open") this.#beforeCall?.();
    const response = this.#engine.call(action, request, options);
    response.catch(ignore);
    return response;
  }

  callByName(action: string, request: unknown, options?: CallOptions): Promise<unknown> {
    return this.call(action, request, options);
  }

  send(action: string, request: unknown): void {
    this.#engine.send(action, request);
  }

  close(options?: CloseOptions): Promise<Closure> {
    return this.#engine.close(options);
  }
}
